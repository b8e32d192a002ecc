// Loaded into the product's processes by NODE_OPTIONS (`--import`): in the engine's it answers SQL on a unix socket, because
// the embedded database can be asked by no other process. It opens a connection of its own and changes nothing.

import { unlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { pathToFileURL } from 'node:url'

const path = process.env.ENGINE_PROBE_SOCKET
const program = process.argv[1] ?? ''

if (path && program.endsWith('engine_process.js')) {
  removeOld(path)
  const server = createServer(socket => {
    let question = ''
    socket.on('error', () => {})
    socket.on('data', chunk => {
      question += chunk
      if (!question.endsWith('\n')) return
      ask(JSON.parse(question)).then(
        answers => socket.end(JSON.stringify({ answers })),
        error => socket.end(JSON.stringify({ error: String(error) })),
      )
    })
  })
  server.on('error', () => {})
  server.listen(path).unref()
}

/** The socket of an engine that was killed. (`rmSync` here, before the program's own modules, breaks their loading on Node 20.) */
function removeOld(file) {
  try {
    unlinkSync(file)
  } catch {
    // There is none.
  }
}

let opened

/** Asked only once the product has opened its own: `openStore` makes a second connection to the same database. */
async function ask(statements) {
  const { openStore } = await import(new URL('../store/open_store.js', pathToFileURL(program)))
  opened ??= openStore({ dataDirectory: process.env.LIGHTFOOT_DATA, clickhouseUrl: undefined })
  const store = await opened
  const answers = []
  for (const sql of statements) answers.push(await store.query(sql))
  return answers
}
