// Exempt mode writes nothing on the device, and reads only a receipt and the objection cookie: every way in which a page can
// keep something is watched from before its first script, and the watch is shown to see each of them.

import { expect, test } from 'vitest'
import type { TestPage } from '../tools/testing/browser.ts'
import { exempt, tellNow, useLab } from '../tools/testing/tracker_lab.ts'

const fixture = useLab()

/** `uses` has a line for each use: `localStorage.getItem lightfoot`, `cookie =`. */
const watch = `
  window.uses = []
  const use = text => { uses.push(text) }
  const methods = (name, Class, list = Object.getOwnPropertyNames(Class.prototype)) => {
    for (const method of list) {
      const { value } = Object.getOwnPropertyDescriptor(Class.prototype, method) ?? {}
      if (typeof value !== 'function' || method === 'constructor') continue
      Class.prototype[method] = function (...values) {
        use([name + '.' + method, ...values.slice(0, 1)].join(' '))
        return value.apply(this, values)
      }
    }
  }
  methods('indexedDB', IDBFactory)
  methods('caches', CacheStorage)
  methods('cookieStore', CookieStore)
  methods('storage', StorageManager)
  methods('serviceWorker', ServiceWorkerContainer, ['register', 'getRegistration', 'getRegistrations'])
  for (const name of ['BroadcastChannel', 'SharedWorker', 'Worker']) {
    window[name] = new Proxy(window[name], { construct(Class, values) { use(name); return new Class(...values) } })
  }
  const accessor = (holder, name) => {
    const { get, set } = Object.getOwnPropertyDescriptor(holder, name)
    Object.defineProperty(holder, name, {
      get() { use(name); return get.call(this) },
      set(value) { use(name + ' ='); set.call(this, value) },
    })
  }
  accessor(Document.prototype, 'cookie')
  accessor(window, 'name')
  for (const name of ['localStorage', 'sessionStorage']) {
    const real = window[name]
    const seen = new Proxy(real, {
      get(_, key) {
        const value = real[key]
        if (typeof value === 'function')
          return (...values) => { use([name + '.' + key, ...values.slice(0, 1)].join(' ')); return value.apply(real, values) }
        use(name + '.' + String(key))
        return value
      },
      set(_, key, value) { use(name + '.' + key + ' ='); real[key] = value; return true },
      ownKeys() { use(name + ' keys'); return Reflect.ownKeys(real) },
    })
    Object.defineProperty(window, name, { get: () => seen })
  }
`

const uses = async (page: TestPage) => [...new Set((await page.evaluate('uses')) as string[])].sort()

const body = `<a href=/b data-lf=next>b</a><button data-lf=save>save</button><input data-lf=field>
  <form data-lf=order><input name=q><button type=submit>send</button></form>
  <img src=/missing.png><div data-lf-view=service style="height:4000px"></div>`

test.each([
  ['lightfoot.js', ['cookie', 'localStorage.getItem lightfoot']],
  // It knows of no grants.
  ['lightfoot.core.js', ['cookie']],
] as const)('%s: a whole visit in exempt mode', async (file, wanted) => {
  const { lab } = fixture
  lab.pages.set('/page', { script: exempt, file, body })
  lab.pages.set('/b', { script: exempt, file, body })
  const page = await fixture.newPage()
  await page.addInitScript(watch)
  await page.goto(`${lab.origin}/page`)
  await page.click('button')
  await page.hover('a')
  await page.fill('input[name=q]', 'words')
  await page.mouse.wheel(0, 3000)
  await page.evaluate(
    "history.pushState({}, '', '/route'); lightfoot.pageview(); lightfoot.track?.('signed up')",
  )
  await page.evaluate("lightfoot.search?.('words', { results: 1 }); lightfoot.view?.('service')")
  // The window itself is the target of both events.
  await page.evaluate(
    "setTimeout(() => { throw new Error('planted') }); Promise.reject(new Error('planted')); 0",
  )
  await page.evaluate('new Promise(resolve => requestIdleCallback(resolve))')
  await tellNow(page)
  await lab.until('pageview', 2)
  expect(page.faults.splice(0)).toHaveLength(2)
  expect(await uses(page)).toEqual(wanted)
  await page.click('a')
  await page.waitForURL('**/b')
  await tellNow(page)
  await lab.until('pageview', 3)
  expect(await uses(page)).toEqual(wanted)
  await page.goBack()
  expect(await page.context().storageState({ indexedDB: true })).toEqual({ cookies: [], origins: [] })
})

const planted: [wanted: string, use: string][] = [
  ['localStorage.setItem x', "localStorage.setItem('x', '1')"],
  ['localStorage.x =', "localStorage.x = '1'"],
  ['localStorage.x', 'localStorage.x'],
  ['sessionStorage.getItem x', "sessionStorage.getItem('x')"],
  ['sessionStorage keys', 'Object.keys(sessionStorage)'],
  ['cookie =', "document.cookie = 'x=1'"],
  ['cookieStore.set x', "cookieStore.set('x', '1')"],
  ['cookieStore.getAll', 'cookieStore.getAll()'],
  ['indexedDB.open x', "indexedDB.open('x')"],
  ['caches.open x', "caches.open('x')"],
  ['storage.getDirectory', 'navigator.storage.getDirectory()'],
  ['name =', "name = 'x'"],
  ['name', 'window.name'],
  ['BroadcastChannel', "new BroadcastChannel('x')"],
  ['SharedWorker', "new SharedWorker('data:,1')"],
  ['Worker', "new Worker('data:,1')"],
  ['serviceWorker.register /w.js', "navigator.serviceWorker.register('/w.js').catch(() => {})"],
]

test('the watch sees every use', async () => {
  const page = await fixture.visit(exempt, '', page => page.addInitScript(watch))
  for (const [wanted, use] of planted) {
    await page.evaluate(`{ uses.length = 0; ${use}; undefined }`)
    expect(await uses(page)).toContain(wanted)
  }
})
