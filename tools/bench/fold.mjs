#!/usr/bin/env node
// How long folding one day takes, and what it takes: `node tools/bench/fold.mjs --rows 1000000`. Needs `npm run build`.

import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { foldBeside } from './fold_beside.mjs'

const root = path.join(import.meta.dirname, '../..')

/**
 * Makes `rows` raw rows of one day and folds them with the product's own folder, in processes of their own: once without
 * rests (`atOnce`, as `lightfoot fold` does it on a stopped product), in the whole product under load, on request
 * (`beside`), and once as the engine does it by itself, with rests (`paced`).
 *
 * `directory`: kept, and its rows used again, when it is given.
 * @returns {Promise<{rows: number, atOnce: Record<string, number>, beside: Record<string, number> | undefined, paced: Record<string, number> | undefined}>}
 */
export async function benchFold({ rows, directory, isPaced = true, isBeside = true, shape = 'mixed' }) {
  const place = directory ?? mkdtempSync(path.join(tmpdir(), 'lightfoot-bench-fold-'))
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  try {
    const { day } = await runChild({ root, directory: place, rows, day: yesterday, shape, mode: 'rows' })
    const run = mode => runChild({ root, directory: place, day, mode })
    const atOnce = await run('fold')
    const paced = isPaced ? await run('paced') : undefined
    const beside = isBeside ? await foldBeside({ root, directory: place, day }) : undefined
    return { rows, atOnce, beside, paced }
  } finally {
    if (directory === undefined) rmSync(place, { recursive: true, force: true, maxRetries: 5 })
  }
}

function runChild(task) {
  const child = fork(path.join(import.meta.dirname, 'fold_child.mjs'), [JSON.stringify(task)])
  return new Promise((resolve, reject) => {
    let answer
    child.once('message', message => {
      answer = message
    })
    child.once('exit', code =>
      code === 0 ? resolve(answer) : reject(new Error(`the fold's process ended with ${code}`)),
    )
  })
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      directory: { type: 'string' },
      shape: { type: 'string', default: 'mixed' },
      'no-pace': { type: 'boolean', default: false },
      'no-load': { type: 'boolean', default: false },
    },
  })
  const { atOnce, beside, paced } = await benchFold({
    rows: Number(values.rows),
    directory: values.directory,
    isPaced: !values['no-pace'],
    isBeside: !values['no-load'],
    shape: values.shape,
  })
  console.log({ atOnce, beside, paced })
}
