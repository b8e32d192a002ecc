// What a check of `doctor` is given and what it finds.

import type { Settings } from '../../config/config.ts'
import type { Owner } from '../../serve/data_lock.ts'

export type Patient = {
  readonly settings: Settings
  /** The server that runs on the data directory now. */
  readonly owner: Owner | undefined
  readonly now: number
}

export type Finding = { readonly state: 'ok' | 'warn' | 'fail'; readonly text: string }

export type Check = (patient: Patient) => Promise<readonly Finding[]>
