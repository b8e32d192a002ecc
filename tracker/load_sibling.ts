// Loads a part of the tracker from beside the script. The package has load_import.ts in its place.

import type { LoadPart } from './parts.ts'
import { sibling } from './settings.ts'

export const load: LoadPart = (name, use) => {
  const address = sibling(`lightfoot.${name}.js`)
  return import(address).then(use).catch(() => undefined)
}
