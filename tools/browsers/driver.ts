// What the suite asks of a browser, whatever protocol it speaks.

/** One tab. */
export type Driver = {
  open(url: string): Promise<void>
  /** The value of an expression, awaited; as JSON has it. */
  evaluate(expression: string): Promise<unknown>
  /** W3C input actions, the same in both protocols. */
  perform(actions: readonly unknown[]): Promise<void>
  /** The browser's own buttons. */
  back(): Promise<void>
  forward(): Promise<void>
  reload(): Promise<void>
  /** The browser's own network, where it can be switched; it may still reach this machine. */
  setOffline?(isOffline: boolean): Promise<void>
  /** A new tab takes the place of this one, which is closed as a person would. */
  renewTab(): Promise<void>
  /** While `run` goes on, another tab stands in front of this one and takes all commands; then it is closed. */
  inSecondTab(run: () => Promise<void>): Promise<void>
  /** What its visitors switch on in its settings, where a test can: Global Privacy Control, Do Not Track. */
  setRefusal?(signal: 'gpc' | 'dnt', isOn: boolean): Promise<void>
  /** Its wheel scrolls; WebKitWebDriver takes the command and does nothing. */
  readonly hasWheel: boolean
  readonly version: string
  stop(): Promise<void>
}

type Place = { x: number; y: number }

/** Where an element is: the middle of what is in view. */
async function middleOf(driver: Driver, selector: string): Promise<Place> {
  const found = await driver.evaluate(`(() => {
    const element = document.querySelector(${JSON.stringify(selector)})
    element.scrollIntoView({ block: 'center', behavior: 'instant' })
    const { x, y, width, height } = element.getBoundingClientRect()
    return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) }
  })()`)
  return found as Place
}

export async function click(driver: Driver, selector: string, button = 0, times = 1): Promise<void> {
  const pressed = [
    { type: 'pointerDown', button },
    { type: 'pointerUp', button },
  ]
  await point(driver, await middleOf(driver, selector), Array(times).fill(pressed).flat())
}

export async function moveTo(driver: Driver, selector: string): Promise<void> {
  await point(driver, await middleOf(driver, selector), [])
}

async function point(driver: Driver, { x, y }: Place, then: readonly unknown[]): Promise<void> {
  const move = { type: 'pointerMove', x, y, duration: 0, origin: 'viewport' }
  const parameters = { pointerType: 'mouse' }
  await driver.perform([{ type: 'pointer', id: 'mouse', parameters, actions: [move, ...then] }])
}

/** A key, or a text key by key. `enter` is the key of that name. */
export async function press(driver: Driver, text: string): Promise<void> {
  const keys = [...text.replace('enter', '\uE007')]
  await driver.perform([
    {
      type: 'key',
      id: 'keyboard',
      actions: keys.flatMap(value => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    },
  ])
}

export async function turnWheel(driver: Driver, deltaY: number): Promise<void> {
  const scroll = { type: 'scroll', x: 200, y: 200, deltaX: 0, deltaY, duration: 0, origin: 'viewport' }
  await driver.perform([{ type: 'wheel', id: 'wheel', actions: [scroll] }])
}
