// A report for the terminal: names left, numbers right, as wide as what is in it.

export type Column = { readonly name: string; readonly type: string }
export type Row = Readonly<Record<string, string | number>>

/** Longer cells end in …, so that one long path does not push everything else out of sight. */
const cellWidthMax = 60

export function textTable(columns: readonly Column[], rows: readonly Row[]): string {
  const cells = rows.map(row => columns.map(column => cellText(row[column.name] ?? '')))
  const widths = columns.map((column, at) =>
    Math.max(width(column.name), ...cells.map(line => width(line[at] ?? ''))),
  )
  const write = (line: readonly string[]) =>
    line
      .map((text, at) => pad(text, widths[at] ?? 0, isNumber(columns[at])))
      .join('  ')
      .trimEnd()
  const rule = widths.map(count => '─'.repeat(count))
  return [columns.map(column => column.name), rule, ...cells].map(line => `${write(line)}\n`).join('')
}

function cellText(value: string | number): string {
  // A control character could move a terminal's cursor: visitors wrote some of these texts.
  const text = String(value).replace(/\p{Cc}/gu, ' ')
  const characters = [...text]
  return characters.length > cellWidthMax ? `${characters.slice(0, cellWidthMax - 1).join('')}…` : text
}

function isNumber(column: Column | undefined): boolean {
  return column !== undefined && /^(U?Int|Float)/.test(column.type)
}

function pad(text: string, count: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, count - width(text)))
  return isRight ? space + text : text + space
}

function width(text: string): number {
  return [...text].length
}
