// Coarsens a figure to the contract's steps.

/** The greatest edge that is not above the value: `[3, 5, 8, 10], 4 → 3`; undefined below all of them. */
export const lowerEdge = (edges: readonly number[], value: number): number | undefined => {
  return edges.filter(edge => edge <= value).pop()
}
