import { afterAll, beforeAll, beforeEach, test } from "vitest"
import { openBrowser, type TestBrowser } from '../tools/testing/browser.ts'
import { exempt, type Lab, openLab } from '../tools/testing/tracker_lab.ts'

let browser: TestBrowser
let lab: Lab

beforeAll(async () => {
  ;[browser, lab] = await Promise.all([openBrowser(), openLab()])
})
afterAll(async () => {
  await browser.close()
  await lab.close()
})
beforeEach(() => lab.clear())

test('first', async () => {
  lab.pages.set('/a', { script: exempt, body: '<a id=b href=/b>b</a>' })
  lab.pages.set('/b', { script: exempt, body: '<a id=b href=/b>b</a>' })
  const page = await browser.newPage()
  await page.goto(`${lab.origin}/a?utm_source=x&secret=1#frag`)
  await page.click('#b')
  await lab.until('pageview', 2)
  await page.close({ runBeforeUnload: true })
  await new Promise(r => setTimeout(r, 1500))
  console.log(JSON.stringify(lab.batches, null, 1), lab.faults, page.faults)
})
