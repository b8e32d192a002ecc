// Debian's Firefox, driven by WebDriver BiDi.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBidi } from './bidi.ts'
import type { Driver } from './driver.ts'
import { startProgram } from './program.ts'

export async function startFirefox(program: string): Promise<Driver> {
  const args = (home: string) => {
    writeFileSync(join(home, 'user.js'), preferences)
    const remote = ['--remote-debugging-port', '0', '--remote-allow-system-access', '--no-remote']
    return ['--headless', ...remote, '--profile', home, 'about:blank']
  }
  const firefox = await startProgram(
    program,
    args,
    output => /WebDriver BiDi listening on (ws:\S+)/.exec(output)?.[1],
  )
  const { command, capabilities, close } = await openBidi(firefox.said)
  const { contexts } = (await command('browsingContext.getTree', {})) as { contexts: { context: string }[] }
  let context = contexts[0]?.context
  const renewTab = async () => {
    const before = context
    const created = await command('browsingContext.create', { type: 'tab' })
    context = created.context as string
    await command('browsingContext.close', { context: before, promptUnload: true })
  }
  /** In the browser's own window, where settings can be changed. */
  const evaluateInside = async (expression: string) => {
    const inside = { 'moz:scope': 'chrome' }
    const tree = (await command('browsingContext.getTree', inside)) as { contexts: { context: string }[] }
    const target = { context: tree.contexts[0]?.context }
    const { type } = await command('script.evaluate', { expression, target, awaitPromise: false })
    if (type !== 'success') throw new Error(`${expression}: ${type}`)
  }
  // The tab that it starts with never has the focus.
  await renewTab()
  return {
    hasWheel: true,
    version: `Firefox ${capabilities.browserVersion}`,
    async open(url) {
      await command('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    async evaluate(expression) {
      const { result, exceptionDetails } = (await command('script.evaluate', {
        expression: `(async () => (${expression}))()`,
        target: { context },
        awaitPromise: true,
      })) as { result?: RemoteValue; exceptionDetails?: { text: string } }
      if (!result) throw new Error(`${expression}: ${exceptionDetails?.text}`)
      return plainValue(result)
    },
    async perform(actions) {
      await command('input.performActions', { context, actions })
    },
    async back() {
      await command('browsingContext.traverseHistory', { context, delta: -1 })
    },
    async forward() {
      await command('browsingContext.traverseHistory', { context, delta: 1 })
    },
    async reload() {
      await command('browsingContext.reload', { context, wait: 'complete' })
    },
    renewTab,
    async inSecondTab(run) {
      const first = context
      const created = await command('browsingContext.create', { type: 'tab' })
      context = created.context as string
      try {
        await run()
      } finally {
        await command('browsingContext.close', { context, promptUnload: true })
        context = first
        await command('browsingContext.activate', { context })
      }
    },
    setOffline: isOffline => evaluateInside(`Services.io.offline = ${isOffline}`),
    setRefusal: (signal, isOn) =>
      evaluateInside(`Services.prefs.setBoolPref('${refusalPreferences[signal]}', ${isOn})`),
    async stop() {
      close()
      await firefox.stop()
    },
  }
}

const refusalPreferences = {
  gpc: 'privacy.globalprivacycontrol.enabled',
  dnt: 'privacy.donottrackheader.enabled',
}

/** Nothing leaves for the maker's servers while tests run. */
const preferences = [
  ['datareporting.policy.dataSubmissionEnabled', false],
  ['app.normandy.enabled', false],
  ['browser.safebrowsing.downloads.remote.enabled', false],
  ['extensions.update.enabled', false],
  ['network.captive-portal-service.enabled', false],
  ['network.connectivity-service.enabled', false],
  ['services.settings.server', '"http://127.0.0.1:9/"'],
  ['browser.shell.checkDefaultBrowser', false],
]
  .map(([name, value]) => `user_pref("${name}", ${value});`)
  .join('\n')

/** As BiDi writes a value: `{ type: 'object', value: [['x', { type: 'number', value: 1 }]] }`. */
type RemoteValue = { type: string; value?: unknown }

function plainValue({ type, value }: RemoteValue): unknown {
  if (type === 'array') return (value as RemoteValue[]).map(plainValue)
  if (type !== 'object') return value
  const entries = value as [string, RemoteValue][]
  return Object.fromEntries(entries.map(([name, entry]) => [name, plainValue(entry)]))
}
