// What a consent platform of the IAB's framework (TCF) says to the site itself, in our purposes. The site's configuration
// maps numbers of the platform to our names; the snippet carries the map to the tracker, and both ends read it here.

import { allPurposes, type Purpose, type PurposeSet, purposeSet } from './purposes.ts'

/** By number of the purpose: those of the framework (8: to measure content), and those that the site's platform adds. */
export type TcfMap = {
  readonly purposes: Readonly<Record<string, readonly Purpose[]>>
  readonly custom: Readonly<Record<string, readonly Purpose[]>>
}

/** As the snippet's `data-tcf` has it: `8:statistics,behaviour c1:identity`. */
export function writeTcfMap({ purposes, custom }: TcfMap): string {
  const entries = [...withPrefix('', purposes), ...withPrefix('c', custom)]
  return entries.map(([number, names]) => `${number}:${names.join(',')}`).join(' ')
}

function withPrefix(prefix: string, map: TcfMap['custom']): [string, readonly Purpose[]][] {
  return Object.entries(map).map(([number, names]) => [prefix + number, names])
}

/** A purpose that several numbers name is granted where all of them are: the stricter wins. */
export function purposesByTcf(
  written: string,
  isConsented: (number: number, isCustom: boolean) => boolean | undefined,
): PurposeSet {
  let granted = 0
  let refused = 0
  for (const [, custom, number, names = ''] of written.matchAll(/(c?)(\d+):(\S+)/g)) {
    const named = purposeSet(names.split(',') as Purpose[])
    if (isConsented(Number(number), !!custom)) granted |= named
    else refused |= named
  }
  // A name that is none would be a bit that is none.
  return granted & ~refused & allPurposes
}
