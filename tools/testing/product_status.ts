// What a product says of itself on its private listener, and whether it has anything left to do.

const answerMs = 5000

export type ProductStatus = {
  spool: { bytes: number }
  load: { state: string; lastLoad: number; rows: number } | null
  fold: { dirtyDays: string[]; folding: string | null; lastFoldMs: number } | null
}

/** Undefined while nobody answers. */
export async function askStatus(adminUrl: string): Promise<ProductStatus | undefined> {
  const response = await fetch(`${adminUrl}/api/status`, { signal: AbortSignal.timeout(answerMs) }).catch(
    () => undefined,
  )
  return response?.ok ? ((await response.json()) as ProductStatus) : undefined
}

/** Nothing waits in the spool and no load is under way; and, unless only raw rows are meant, no day is to be folded. */
export function isAtRest(status: ProductStatus | undefined, isRawOnly = false): boolean {
  if (status === undefined) return false
  const { spool, load, fold } = status
  const isLoaded = spool.bytes === 0 && load?.state === 'idle'
  return isLoaded && (isRawOnly || (fold?.dirtyDays.length === 0 && fold.folding === null))
}
