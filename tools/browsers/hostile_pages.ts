// Pages whose world is broken before our script runs. None of them may see an exception from us, which is asked of every
// scenario; what can still be told arrives.

import { expect } from 'vitest'
import type { Scenario } from './visit.ts'

const broken: readonly (readonly [name: string, script: string, arrives: boolean])[] = [
  [
    'frozen-prototypes',
    'for (const { prototype } of [Object, Array, Function, Promise, History, Event]) Object.freeze(prototype)',
    true,
  ],
  ['no-fetch', 'delete window.fetch; delete Window.prototype.fetch', true],
  ['throwing-fetch', "window.fetch = () => { throw new Error('no') }", true],
  ['no-beacon', 'Navigator.prototype.sendBeacon = undefined', true],
  ['broken-json', "JSON.stringify = JSON.parse = () => { throw new Error('no') }", false],
  [
    'no-storage',
    "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new Error('no') } })",
    true,
  ],
]

export const hostilePages: readonly Scenario[] = broken.map(([name, script, arrives]) => ({
  name,
  pages: { '*': { head: `<script>${script}</script>`, body: '<button>save</button>' } },
  async visit({ open, click }) {
    await open('/page')
    // A driver's own scripts need JSON too.
    if (arrives) await click('button')
    await open('/next')
  },
  check: ({ list }) => expect(list('pageview', 'path')).toEqual(arrives ? ['/next', '/page'] : []),
}))
