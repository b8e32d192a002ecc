// Debian's WebKit (WebKitGTK): its small browser, driven by WebKitWebDriver. It has no mode without a display, so one is
// made for it, by Xvfb.

import { freePorts } from '../testing/free_ports.ts'
import type { Driver } from './driver.ts'
import { overWebDriver } from './over_webdriver.ts'
import { startProgram } from './program.ts'
import { openWebDriver } from './webdriver.ts'

export async function startWebKit(program: string, driverProgram: string, xvfb: string): Promise<Driver> {
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const display = await startProgram(
    xvfb,
    () => ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    output => /^(\d+)\n/m.exec(output)?.[1],
  )
  const driver = await startProgram(
    driverProgram,
    () => [`--port=${port}`],
    async () => ((await fetch(`${url}/status`).catch(() => undefined))?.ok ? url : undefined),
    { DISPLAY: `:${display.said}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1' },
  )
  const stop = async () => {
    await driver.stop()
    await display.stop()
  }
  try {
    const session = await openWebDriver(url, {
      'webkitgtk:browserOptions': { binary: program, args: ['--automation'] },
    })
    return overWebDriver(session, stop)
  } catch (error) {
    await stop()
    throw error
  }
}
