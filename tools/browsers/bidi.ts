// A session of WebDriver BiDi: JSON over a WebSocket, as Firefox itself speaks it, with no driver program between.

import WebSocket from 'ws'

export type Bidi = {
  /** `command('browsingContext.navigate', { context, url })`; rejects with the browser's own words. */
  command(method: string, params: unknown): Promise<Record<string, unknown>>
  readonly capabilities: Readonly<Record<string, unknown>>
  close(): void
}

type Answer = { id?: number; type: string; result: Record<string, unknown>; error?: string; message?: string }

/** No single command of the suite is waited for longer. */
const commandMs = 20_000

export async function openBidi(url: string): Promise<Bidi> {
  const socket = new WebSocket(`${url}/session`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.on('message', data => {
    const answer = JSON.parse(String(data)) as Answer
    waiting.get(answer.id ?? -1)?.(answer)
  })

  let count = 0
  const command: Bidi['command'] = (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++count
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), commandMs)
      waiting.set(id, ({ type, result, error, message }) => {
        clearTimeout(timer)
        waiting.delete(id)
        if (type === 'success') resolve(result)
        else reject(new Error(`${method}: ${error}: ${message}`))
      })
      socket.send(JSON.stringify({ id, method, params }))
    })
  const { capabilities } = await command('session.new', { capabilities: {} })
  return { command, capabilities: capabilities as Record<string, unknown>, close: () => socket.close() }
}
