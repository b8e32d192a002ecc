// The process of ask_database.ts: opens the database of a data directory, runs statements, writes the answers as JSON.

const [, , storeFile, dataDirectory, statements] = process.argv
const { openStore } = await import(storeFile)
const store = await openStore({ dataDirectory, clickhouseUrl: undefined })
const answers = []
for (const { sql, format = 'JSONEachRow' } of JSON.parse(statements)) {
  if (format === null) {
    await store.command(sql)
    answers.push('')
  } else answers.push((await store.read(sql, {}, format)).toString('utf8'))
}
await store.close()
process.stdout.write(JSON.stringify(answers), () => process.exit(0))
