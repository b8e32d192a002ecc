// Node's own code of a failed system call: `ENOENT`, `EEXIST`; undefined for any other error.

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
