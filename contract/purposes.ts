// The purposes that a visitor can grant, each a bit, so that a set of them travels and is stored as one small number.

export const purposeNames = [
  'statistics',
  'behaviour',
  'performance',
  'identity',
  'campaigns',
  'calls',
  'disclosure',
] as const

export type Purpose = (typeof purposeNames)[number]

/** A set of purposes as a bit mask: bit i is `purposeNames[i]`. 0 is none. */
export type PurposeSet = number

/** The bit of one purpose: `purposeBit('behaviour') → 2`. */
export function purposeBit(purpose: Purpose): PurposeSet {
  return 1 << purposeNames.indexOf(purpose)
}

/** `purposeSet(['statistics', 'behaviour']) → 3` */
export function purposeSet(purposes: readonly Purpose[]): PurposeSet {
  return purposes.reduce((set, purpose) => set | purposeBit(purpose), 0)
}

/** `purposesOf(3) → ['statistics', 'behaviour']` */
export function purposesOf(set: PurposeSet): Purpose[] {
  return purposeNames.filter(purpose => (set & purposeBit(purpose)) !== 0)
}

export const allPurposes: PurposeSet = purposeSet(purposeNames)

/**
 * What a choice can never re-open against GPC. What else GPC and DNT refuse, identity and campaigns, needs no set of its own:
 * nothing but a visitor's own choice opens it, and that stands above them.
 */
export const closedByGpc: PurposeSet = purposeSet(['disclosure'])
