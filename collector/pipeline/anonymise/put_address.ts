// Of the address, the client already gives no more than a truncated prefix, and a row no more than the matrix says.

import type { BatchCells } from '../cells.ts'
import type { Context, Draft } from './context.ts'

export function putAddress(cells: Draft<BatchCells>, { client, gate }: Context): void {
  if (gate.address === 'granted') cells.prefix = client.prefix
  if (gate.country !== 'nothing') cells.country = client.country
}
