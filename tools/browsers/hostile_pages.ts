// Pages whose world is broken before our script runs. None of them may see an exception from us, which is asked of every
// scenario, whatever they call; what can still be told arrives.

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

/** All that a page may call, once everything is loaded. The next page counts again. */
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

const pages = worlds.flatMap(([name, script]) => {
  const head = `<script>${script}</script>`
  return [
    [`/${name}`, { head, body: '<button>save</button>' }],
    [`/calls/${name}`, { head: `${head}<script>${calls}</script>` }],
  ] as const
})

export const hostilePages: readonly Scenario[] = withCore({
  name: 'hostile-pages',
  pages: Object.fromEntries(pages),
  async visit({ open, click, until }) {
    for (const [name, , arrives] of worlds) {
      await open(`/${name}`)
      // A driver's own scripts need JSON too.
      if (arrives) await click('button')
      await open(`/calls/${name}`)
      await until(`/calls/${name}`, 'called')
    }
  },
  check({ list }) {
    const arriving = worlds.flatMap(([name, , arrives]) => (arrives ? [`/${name}`] : [])).sort()
    // What waits when a visitor objects is not told.
    const told = list('pageview', 'path').filter(path => !path.startsWith('/calls/'))
    expect(told).toEqual(arriving)
    expect(list('click', 'path', 'kind')).toEqual(arriving.map(path => `${path} button`))
  },
})
