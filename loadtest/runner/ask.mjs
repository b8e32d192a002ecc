// Load on another machine than this one: only where somebody says that it is theirs, and again when they see how much.

import { createInterface } from 'node:readline/promises'
import { isLoopback, UsageError } from './options.mjs'

const why = `A load test takes the processors and the disk of what it is aimed at, and its events are stored and reported like
those of visitors. Aim it only at an installation that is yours, that nobody depends on meanwhile, and at a site made for it.`

/** Throws UsageError when the run is not to be. */
export async function mayRun(options, { seconds, requests }) {
  const host = new URL(options.url).host
  if (isLoopback(options.url)) return
  if (!options.allowRemote)
    throw new UsageError(
      `${host} is not loopback; add --allow-remote if it is yours. ${why.replaceAll('\n', ' ')}`,
    )
  if (options.yes) return
  if (!process.stdin.isTTY) throw new UsageError(`nobody is here to be asked about ${host}; add --yes`)
  const much = requests === undefined ? 'as many requests as are answered' : `up to ${requests} requests`
  console.log(
    `${why}\n\n${options.script} sends ${much} in ${seconds} s to ${host}, for the site ${options.site}.`,
  )
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('Type the name of the host to go on: ')
  terminal.close()
  if (answer.trim() !== host) throw new UsageError('not the name of the host; nothing was sent')
}
