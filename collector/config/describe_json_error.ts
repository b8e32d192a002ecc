// Where a text stops being JSON, and what is probably the matter. JavaScript's own message differs from version to
// version and may quote the file; of it only the position is used.

export function describeJsonError(text: string, message: string): string {
  if (text.trim() === '') return 'is empty: "lightfoot init" writes a complete one'
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? endOf(text, message))
  const before = text.slice(0, position)
  const line = before.split('\n').length
  const column = position - before.lastIndexOf('\n')
  return `line ${line}, column ${column}: not valid JSON: ${probableCause(before.trimEnd(), text.slice(position))}`
}

/** Without a position the text ended too early, or (in some versions of Node) is wrong from its first character on. */
function endOf(text: string, message: string): number {
  return /unexpected end|unterminated/i.test(message) ? text.length : 0
}

function probableCause(before: string, rest: string): string {
  if (rest === '') return 'the file ends too early: a bracket or a quote is not closed'
  if (/^\/[/*]/.test(rest)) return 'JSON knows no comments: remove it'
  if (rest.startsWith("'")) return 'use double quotes'
  if (before.endsWith(',') && /^[}\]]/.test(rest)) return 'remove the comma before the bracket'
  if (/["\d\]}el]$/.test(before) && /^["[{]/.test(rest)) return 'a comma is missing before it'
  if (/[{,]$/.test(before) && /^[A-Za-z_$]/.test(rest)) return 'put the key into double quotes'
  return 'look for a missing comma, quote or bracket just before it'
}
