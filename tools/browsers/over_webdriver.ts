// A browser that speaks classic WebDriver, as the suite asks for it.

import type { Driver } from './driver.ts'
import type { WebDriver } from './webdriver.ts'

export function overWebDriver(
  { command, capabilities }: WebDriver,
  stop: () => Promise<void>,
): Omit<Driver, 'setOffline'> {
  const post = async (path: string, body: unknown = {}) => {
    await command('POST', path, body)
  }
  return {
    hasWheel: capabilities.browserName === 'chrome',
    version: `${capabilities.browserName} ${capabilities.browserVersion}`,
    open: url => post('/url', { url }),
    async evaluate(expression) {
      const script = `const [answer] = arguments
        new Promise(resolve => resolve(${expression})).then(
          value => answer({ value }), error => answer({ error: String(error) }))`
      const answer = await command('POST', '/execute/async', { script, args: [] })
      const { value, error } = answer as { value?: unknown; error?: string }
      if (error !== undefined) throw new Error(`${expression}: ${error}`)
      return value
    },
    perform: actions => post('/actions', { actions }),
    back: () => post('/back'),
    forward: () => post('/forward'),
    reload: () => post('/refresh'),
    async renewTab() {
      const { handle } = (await command('POST', '/window/new', { type: 'tab' })) as { handle: string }
      await command('DELETE', '/window')
      await post('/window', { handle })
    },
    async inSecondTab(run) {
      const first = await command('GET', '/window')
      const { handle } = (await command('POST', '/window/new', { type: 'tab' })) as { handle: string }
      await post('/window', { handle })
      try {
        await run()
      } finally {
        await command('DELETE', '/window')
        await post('/window', { handle: first })
      }
    },
    async stop() {
      await command('DELETE', '').catch(() => undefined)
      await stop()
    },
  }
}
