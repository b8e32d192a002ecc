// Loads a part of the tracker in the package `lightfoot/tracker`: written out, so that every bundler finds the files that it may
// split off.

import type { LoadPart, Parts } from './parts.ts'

const parts: { [Name in keyof Parts]: () => Promise<Parts[Name]> } = {
  consent: () => import('./consent.ts'),
  errors: () => import('./errors.ts'),
  granted: () => import('./granted.ts'),
  searches: () => import('./searches.ts'),
  vitals: () => import('./vitals.ts'),
}

export const load: LoadPart = (name, use) =>
  parts[name]()
    .then(use)
    .catch(() => undefined)
