// One SQL file into its statements. A semicolon ends a statement, except inside quotes and comments.

/** What may hold a semicolon that ends nothing: line comment, block comment, string, identifier. */
const opaque = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|''|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|;/g

/** `select ';'; -- done;` gives one statement, `select ';'`. Comments stay with the statement that follows them. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = []
  let start = 0
  for (const match of sql.matchAll(opaque)) {
    if (match[0] !== ';') continue
    statements.push(sql.slice(start, match.index))
    start = match.index + 1
  }
  statements.push(sql.slice(start))
  return statements.map(statement => statement.trim()).filter(hasText)
}

/** False for what is only comments and space. */
function hasText(statement: string): boolean {
  return (
    statement.replace(opaque, part => (part.startsWith('--') || part.startsWith('/*') ? '' : part)).trim() !==
    ''
  )
}
