// `web-vitals` as the tracker bundles it: with listeners, observers and waiting that are tracker/stoppable.ts's instead of the
// browser's, since the package cannot be stopped; and without the navigations of single-page applications that it can
// measure on request (280 B). Another version of the package may be written otherwise: then the build fails.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const stoppable = JSON.stringify(
  join(dirname(dirname(fileURLToPath(import.meta.url))), 'tracker', 'stoppable.ts'),
)
const ours = `import { addEventListener, PerformanceObserver, queueMicrotask } from ${stoppable}\n`

/** In the place of these modules. */
const modules = {
  'lib/softNavs':
    'export const checkSoftNavsEnabled = () => false; export const storeSoftNavEntry = () => {}',
  'lib/whenIdleOrHidden': `export { whenIdleOrHidden } from ${stoppable}`,
}

/** In these modules, which get no other entries: what they ask of each, and the answer. Each is asked once. */
const isSoftNavigation = { "entry.entryType === 'soft-navigation'": 'false' }
const answers = {
  onCLS: isSoftNavigation,
  onINP: isSoftNavigation,
  onLCP: {
    ...isSoftNavigation,
    "entry.entryType === 'largest-contentful-paint'": 'true',
    "navigation === 'soft-navigation'": 'false',
  },
}

export const stoppableVitals = {
  name: 'stoppable vitals',
  setup({ onLoad, onEnd }) {
    const unseen = new Set([...Object.keys(modules), ...Object.keys(answers)])
    onLoad({ filter: /[\\/]web-vitals[\\/]dist[\\/]modules[\\/].+\.js$/ }, ({ path }) => {
      const name = path.replace(/^.*[\\/]dist[\\/]modules[\\/]|\.js$/g, '').replaceAll('\\', '/')
      unseen.delete(name)
      const resolveDir = dirname(path)
      if (modules[name]) return { contents: modules[name], resolveDir }
      return { contents: ours + answered(readFileSync(path, 'utf8'), answers[name] ?? {}), resolveDir }
    })
    onEnd(() => {
      if (unseen.size > 0) throw new Error(`web-vitals has no ${[...unseen].join(', ')} any more`)
    })
  },
}

function answered(text, ownAnswers) {
  return Object.entries(ownAnswers).reduce((text, [question, answer]) => {
    const [before, after, ...more] = text.split(question)
    if (after === undefined || more.length > 0) throw new Error(`web-vitals does not ask once: ${question}`)
    return before + answer + after
  }, text)
}
