// Debian's Chromium, driven by its chromedriver. Playwright switches the back/forward cache off, and is lost when a
// prerendered page takes a tab over; chromedriver does neither.

import type { Driver } from './driver.ts'
import { overWebDriver } from './over_webdriver.ts'
import { startProgram } from './program.ts'
import { openWebDriver } from './webdriver.ts'

export async function startChromium(program: string, driverProgram: string): Promise<Driver> {
  const driver = await startProgram(
    driverProgram,
    () => ['--port=0'],
    output => /started successfully on port (\d+)/.exec(output)?.[1],
  )
  const stop = () => driver.stop()
  try {
    const session = await openWebDriver(`http://127.0.0.1:${driver.said}`, {
      browserName: 'chrome',
      'goog:chromeOptions': {
        binary: program,
        // Root cannot have the sandbox. Without a head it calls itself HeadlessChrome, which the collector drops as a robot.
        args: ['--headless=new', '--no-sandbox', `--user-agent=${userAgent}`],
      },
    })
    return {
      ...overWebDriver(session, stop),
      async setOffline(offline) {
        const network_conditions = { offline, latency: 0, download_throughput: -1, upload_throughput: -1 }
        await session.command('POST', '/chromium/network_conditions', { network_conditions })
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36'
