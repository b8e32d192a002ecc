// One child of the supervisor, acceptor or engine, kept alive: started, told what to be, started again when it dies.

import type { ChildProcess } from 'node:child_process'
import type { Worker } from 'node:cluster'
import { countDeaths, restartDelayMs } from './backoff.ts'
import type { ChildStart, FromChild, Snapshot, ToChild } from './messages.ts'

export type ChildOptions = {
  launch(): Worker | ChildProcess
  /** What it is told, asked anew at each start. */
  start(): ChildStart
  onMessage(message: FromChild): void
  /** Before it is started again: what the dead one left must be put in order. `last` are its last figures. */
  afterDeath(last: Snapshot | undefined): Promise<void>
  /** The system gives no process: too many of them, no memory, no file. It is tried again as after a death. */
  onNotStarted(error: unknown): void
  onRestart(): void
  /** Milliseconds by a steady clock. */
  now(): number
}

export type Child = {
  pid(): number | undefined
  snapshot(): Snapshot | undefined
  send(message: ToChild): void
  /** Tells it to stop, waits, kills it after `graceMs`; it is not started again. */
  stop(graceMs: number): Promise<void>
}

export function keepChild(options: ChildOptions): Child {
  let running: ChildProcess | undefined
  let snapshot: Snapshot | undefined
  let deaths = 0
  let isStopping = false
  let restartTimer: NodeJS.Timeout | undefined
  let onGone = () => {}

  const begin = () => {
    const startedAt = options.now()
    let isOver = false
    const over = () => {
      if (!isOver) void died(startedAt)
      isOver = true
    }
    const notStarted = (error: unknown) => {
      options.onNotStarted(error)
      over()
    }
    const launched = attempt(options.launch, notStarted)
    if (launched === undefined) return
    const child = 'process' in launched ? launched.process : launched
    running = child
    child.on('message', (message: FromChild) => {
      if (message.kind === 'hello') tell(child, { kind: 'start', start: options.start() })
      // What a dead one had still sent is counted with its last figures already.
      else if (message.kind === 'metrics') snapshot = running === child ? message.snapshot : snapshot
      else options.onMessage(message)
    })
    // What never became a process tells an error and no exit. Other errors, such as a message that could not be sent, are
    // of one that lives, or whose exit comes.
    child.on('error', error => {
      if (child.pid === undefined && !isOver) notStarted(error)
    })
    // A worker repeats its process's errors, and one that nobody hears would end the supervisor.
    if ('process' in launched) launched.on('error', () => {})
    child.once('exit', over)
  }

  const died = async (startedAt: number) => {
    const last = snapshot
    snapshot = undefined
    running = undefined
    await options.afterDeath(last)
    onGone()
    if (isStopping) return
    deaths = countDeaths(deaths, options.now() - startedAt)
    options.onRestart()
    restartTimer = setTimeout(begin, restartDelayMs(deaths))
  }

  begin()
  return {
    pid: () => running?.pid,
    snapshot: () => snapshot,
    send: message => tell(running, message),
    async stop(graceMs) {
      isStopping = true
      clearTimeout(restartTimer)
      const dying = running
      if (!dying) return
      tell(dying, { kind: 'stop' })
      const kill = setTimeout(() => dying.kill('SIGKILL'), graceMs)
      await new Promise<void>(resolve => {
        onGone = resolve
      })
      clearTimeout(kill)
    },
  }
}

/** Some errors of the system are thrown, others come as events. */
function attempt<T>(launch: () => T, onError: (error: unknown) => void): T | undefined {
  try {
    return launch()
  } catch (error) {
    onError(error)
    return undefined
  }
}

/** A child that is just dying has no channel any more; its exit is what counts. */
function tell(child: ChildProcess | undefined, message: ToChild): void {
  if (child?.connected) child.send(message, () => {})
}
