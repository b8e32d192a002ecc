// Where a long run stands, on standard error: a line that is written over on a terminal, nothing of it elsewhere.

export function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(78)}\r`)
}

/** A line of its own, wherever standard error goes. */
export function sayStep(text) {
  process.stderr.write(`${text}\n`)
}
