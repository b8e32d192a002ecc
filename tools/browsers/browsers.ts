// The browsers of the suite: where Debian puts them, what has to be installed, what each lets a page do.

import { startChromium } from './chromium.ts'
import type { Driver } from './driver.ts'
import { startFirefox } from './firefox.ts'
import { findProgram } from './program.ts'
import { startWebKit } from './webkit.ts'

/** What not every browser has, and how a page of it is asked. */
export const abilities = {
  prerender: "!!HTMLScriptElement.supports?.('speculationrules')",
  navigationApi: "'navigation' in window",
  responseStatus: "'responseStatus' in PerformanceResourceTiming.prototype",
  largestPaint: "PerformanceObserver.supportedEntryTypes.includes('largest-contentful-paint')",
  layoutShift: "PerformanceObserver.supportedEntryTypes.includes('layout-shift')",
  interactions: "PerformanceObserver.supportedEntryTypes.includes('event')",
} as const
export type Ability = keyof typeof abilities

export type BrowserName = 'firefox' | 'webkit' | 'chromium'

export type Browser = {
  readonly name: BrowserName
  /** At least this it has: a later version may have more, one that has less fails a test. */
  readonly allows: readonly Ability[]
  readonly packages: readonly string[]
  readonly programs: readonly string[]
  start(programs: readonly string[]): Promise<Driver>
}

/** Debian has a folder for each processor. */
const miniBrowserFolders = ['x86_64', 'aarch64'].flatMap(processor =>
  ['4.1', '4.0'].map(version => `/usr/lib/${processor}-linux-gnu/webkit2gtk-${version}`),
)

export const browsers: readonly Browser[] = [
  {
    name: 'firefox',
    allows: ['navigationApi', 'responseStatus', 'largestPaint', 'interactions'],
    packages: ['firefox-esr'],
    programs: ['firefox-esr'],
    start: ([firefox = '']) => startFirefox(firefox),
  },
  {
    name: 'webkit',
    allows: [],
    packages: ['webkit2gtk-driver', 'xvfb'],
    programs: ['MiniBrowser', 'WebKitWebDriver', 'Xvfb'],
    start: ([browser = '', driver = '', xvfb = '']) => startWebKit(browser, driver, xvfb),
  },
  {
    name: 'chromium',
    allows: ['prerender', 'navigationApi', 'responseStatus', 'largestPaint', 'layoutShift', 'interactions'],
    packages: ['chromium', 'chromium-driver'],
    programs: ['chromium', 'chromedriver'],
    start: ([chromium = '', driver = '']) => startChromium(chromium, driver),
  },
]

/** Where its programs are, or undefined when one is missing. */
export function findBrowser({ programs }: Browser): string[] | undefined {
  const found = programs.map(program => findProgram(program, miniBrowserFolders))
  return found.every(program => program !== undefined) ? found : undefined
}

export function installWith({ packages }: Browser): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`
}
