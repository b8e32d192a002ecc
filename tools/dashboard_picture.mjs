// `node tools/dashboard_picture.mjs` makes docs/dashboard.png again: the built dashboard, 1280×800, demo visits of seed 7.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const outfile = join(root, 'node_modules/.cache/dashboard_picture.mjs')
// The tests' own helpers, which are TypeScript.
await build({
  stdin: {
    contents: "export * from './browser.ts'; export * from './product.ts'",
    resolveDir: join(root, 'tools/testing'),
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile,
})
const { openBrowser, startProduct, untilReported } = await import(pathToFileURL(outfile).href)

const browser = await openBrowser()
const product = await startProduct().catch(async error => {
  await browser.close()
  throw error
})
try {
  const { status, stderr } = await product.cli(['demo', '--visits', '2000', '--seed', '7'])
  if (status !== 0) throw new Error(stderr)
  await untilReported(product)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(product.adminUrl)
  await page.getByText(/^\d+ reports, /).waitFor()
  await page.screenshot({ path: join(root, 'docs/dashboard.png') })
} finally {
  await browser.close()
  await product.stop()
}
