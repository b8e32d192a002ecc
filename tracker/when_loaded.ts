// The load event and all that listens to it are over; so loadEventEnd is known.

import { later, listen } from './guard.ts'

export const whenLoaded = (run: () => void): void => {
  const soon = () => later(run, 0)
  if (document.readyState === 'complete') soon()
  else listen('load', soon)
}
