// Pages whose world is broken before our script runs. None of them may see an exception from us, which is asked of every
// scenario; what can still be told arrives.

import { expect } from 'vitest'
import { type Scenario, withCore } from './visit.ts'

const worlds: readonly (readonly [name: string, script: string, arrives: boolean])[] = [
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

/** All that a page may call, once everything is loaded. */
const calls = `addEventListener('load', async () => {
  const { consent, pageview, track, view, search } = lightfoot
  track('signed up', { plan: 'small' })
  view('Tern', 'Kites')
  search('kite', 3)
  pageview()
  consent.status()
  await consent.set({ purposes: ['statistics'] })
  await consent.withdraw()
  await consent.object()
  document.cookie = 'lightfoot_off=1; path=/; max-age=0'
  dispatchEvent(new CustomEvent('say', { detail: 'called' }))
})`

export const hostilePages: readonly Scenario[] = worlds.flatMap(([name, script, arrives]) => {
  const head = `<script>${script}</script>`
  return withCore({
    name,
    pages: {
      '/calls': { head: `${head}<script>${calls}</script>` },
      '*': { head, body: '<button>save</button>' },
    },
    async visit({ open, click, until }) {
      await open('/calls')
      await until('/calls', 'called')
      await open('/page')
      // A driver's own scripts need JSON too.
      if (arrives) await click('button')
      await open('/next')
    },
    // What waits when the visitor objects is not told.
    check: ({ list }) =>
      expect(list('pageview', 'path').filter(path => path !== '/calls')).toEqual(
        arrives ? ['/next', '/page'] : [],
      ),
  })
})
