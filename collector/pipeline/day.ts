// Days as text, as rows, reports and file names have them: `2026-11-23`.

/** `2026-02-28` is one, `2026-02-30` and `28.2.2026` are not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && utcDay(at) === text
}

export function utcDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
