// The phases of a navigation in milliseconds; before consent each in its bucket, the size in powers of two.

import type { TimingEvent } from '../../../contract/events.ts'
import { bucketOf, durationEdgesMs } from '../../../contract/steps.ts'
import type { CellsOf } from '../cells.ts'
import type { GateCell } from '../gate.ts'
import type { Context } from './context.ts'

/** As ALPN writes them. A name that is not here is counted together with others. */
const protocols = ['h3', 'h2', 'h2c', 'http/1.1', 'http/1.0', 'http/0.9']

export function reduceTiming(event: TimingEvent, { gate }: Context): CellsOf<'timing'> {
  const cell = gate.timing
  return {
    redirect_ms: phaseCell(event.redirect, cell),
    dns_ms: phaseCell(event.dns, cell),
    connect_ms: phaseCell(event.connect, cell),
    tls_ms: phaseCell(event.tls, cell),
    request_ms: phaseCell(event.request, cell),
    response_ms: phaseCell(event.response, cell),
    ttfb_ms: phaseCell(event.ttfb, cell),
    interactive_ms: phaseCell(event.interactive, cell),
    dcl_ms: phaseCell(event.dcl, cell),
    load_ms: phaseCell(event.load, cell),
    transfer_bytes: bytesCell(event.bytes, cell),
    protocol: cell === 'granted' ? protocolCell(event.protocol) : '',
  }
}

function phaseCell(ms: number | undefined, cell: GateCell): number {
  if (ms === undefined || cell === 'nothing') return 0
  return cell === 'granted' ? Math.round(ms) : bucketOf(durationEdgesMs, ms)
}

/** An exact size can tell one version of a personal page from another. `5000 → 4096` */
function bytesCell(bytes: number | undefined, cell: GateCell): number {
  if (bytes === undefined || bytes === 0 || cell === 'nothing') return 0
  return cell === 'granted' ? bytes : 2 ** Math.floor(Math.log2(bytes))
}

function protocolCell(protocol: string | undefined): string {
  if (protocol === undefined || protocol === '') return ''
  const lower = protocol.toLowerCase()
  return protocols.includes(lower) ? lower : 'other'
}
