// The load generator: wrk where it is installed, else autocannon; both send the same requests over as many connections.

import { spawnSync } from 'node:child_process'
import { runAutocannon } from './generator_autocannon.mjs'
import { runNode } from './generator_node.mjs'
import { runWrk } from './generator_wrk.mjs'
import { generatorCpuMs } from './processes.mjs'

export const generatorName = spawnSync('wrk', ['--version']).error ? 'autocannon' : 'wrk'

export const connectionsByDefault = 64

/**
 * @typedef {object} Load
 * @property {number} port
 * @property {{headers: object, body: string}[]} requests sent in turn, see requests.mjs
 * @property {number} seconds
 * @property {number} [connections]
 * @property {boolean} [closing] each request over a connection of its own
 * @property {number} [perSecond] requests a second over all connections; without it as many as are answered. Each
 *   connection waits for a random time between its requests (exponential, so that they come as independent visitors'
 *   do). A slow answer holds back its own connection's next request only, and the wait that this hides is counted: wrk
 *   adds the requests that would have waited (coordinated omission), and without wrk time runs from when one was due.
 * @property {string} [paceFile] requests a second are read from here, again and again
 * @property {boolean} [counting] no request is left unanswered at the end, and events acknowledged are counted
 *
 * @param {Load} load
 * @returns {Promise<{requests: number, requestsPerSecond: number, failed: number, p50Ms: number, p99Ms: number, accepted: number, cpuMs: number}>}
 */
export async function generate(load) {
  const before = generatorCpuMs()
  const sample = await runnerOf(load)({ connections: connectionsByDefault, ...load })
  return { ...sample, cpuMs: generatorCpuMs() - before }
}

function runnerOf({ closing, perSecond, paceFile, counting }) {
  if (generatorName === 'wrk') return runWrk
  return closing || perSecond || paceFile || counting ? runNode : runAutocannon
}
