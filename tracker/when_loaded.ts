// The load event and all that listens to it are over; so loadEventEnd is known.

import { later, listen } from './guard.ts'

export const whenLoaded = (run: () => void): void => {
  if (document.readyState === 'complete') later(run, 0)
  else listen('load', () => later(run, 0))
}
