// A chDB in a process of its own, for clickhouse_http_server.ts: chDB binds one directory per process, and the process
// of a test may have one open already. Statements come one at a time over IPC, so that settings cannot meet each other.

import { createRequire } from 'node:module'

const { Session } = createRequire(import.meta.url)('chdb')
const session = new Session(process.argv[2])

/** `insert into t (a, b) FORMAT TabSeparated` with its data apart, as @clickhouse/client sends it. */
const insertPattern = /^\s*insert\s+into\s+(\S+)\s*(?:\(([^)]*)\))?\s*format\s+(\w+)\s*$/i

process.on('message', message => {
  queue = queue.then(() => answer(message))
})
process.on('disconnect', () => process.exit(0))
let queue = Promise.resolve()
process.send({ ready: true })

async function answer({ id, sql, settings, parameters, data, format }) {
  try {
    const body = await run({ sql, settings, parameters, data, format })
    process.send({ id, body })
  } catch (error) {
    const code = Number(/Code: (\d+)/.exec(error.message)?.[1] ?? 0)
    process.send({ id, error: { code, message: error.message } })
  }
}

async function run({ sql, settings, parameters, data, format }) {
  const insert = insertPattern.exec(sql)
  if (insert !== null && data !== undefined) {
    await session.insert({
      table: insert[1],
      ...(insert[2] === undefined ? {} : { columns: insert[2].split(',').map(name => name.trim()) }),
      values: Buffer.from(data),
      format: insert[3],
      settings,
    })
    return Buffer.alloc(0)
  }
  // The text of an HTTP parameter is what `set param_…` takes too, so it is handed on as it came.
  for (const [name, text] of Object.entries(parameters)) await set(`param_${name}`, literal(text))
  for (const [name, text] of Object.entries(settings)) await set(name, literal(text))
  try {
    return Buffer.from((await session.queryAsync(sql, { format })).bytes())
  } finally {
    // A server forgets the settings of a request; the embedded engine would keep them.
    for (const name of Object.keys(settings)) await set(name, 'default')
  }
}

function set(name, value) {
  if (!/^\w+$/.test(name))
    throw new Error(`Code: 115. DB::Exception: Unknown setting '${name}'. (UNKNOWN_SETTING)`)
  return session.queryAsync(`set ${name} = ${value}`)
}

function literal(text) {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
}
