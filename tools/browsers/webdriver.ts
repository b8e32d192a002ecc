// A session of W3C WebDriver: JSON over HTTP, as chromedriver and WebKitWebDriver speak it.

export type WebDriver = {
  /** `command('POST', '/url', { url })`; rejects with the browser's own words. */
  command(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  readonly capabilities: Readonly<Record<string, unknown>>
}

/** No single command of the suite is waited for longer. */
const commandMs = 20_000

export async function openWebDriver(url: string, alwaysMatch: unknown): Promise<WebDriver> {
  const { sessionId, capabilities } = (await ask(`${url}/session`, 'POST', {
    capabilities: { alwaysMatch },
  })) as { sessionId: string; capabilities: Record<string, unknown> }
  return {
    capabilities,
    command: (method, path, body) => ask(`${url}/session/${sessionId}${path}`, method, body),
  }
}

async function ask(url: string, method: string, body: unknown = {}): Promise<unknown> {
  const response = await fetch(url, {
    method,
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(commandMs),
  })
  const { value } = (await response.json()) as { value: unknown }
  if (response.ok) return value
  const { error, message } = value as { error: string; message: string }
  throw new Error(`${method} ${new URL(url).pathname}: ${error}: ${message.split('\n')[0]}`)
}
