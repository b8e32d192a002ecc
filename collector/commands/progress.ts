// How far a long command is: one line that is rewritten on a terminal, a plain line for each quarter where output is kept.

export type Progress = {
  update(done: number): void
  /** Leaves the terminal's line empty, for what comes next. */
  end(): void
}

/** What is used of process.stderr. */
export type ProgressStream = { readonly isTTY?: boolean; write(text: string): unknown }

const barWidth = 30
/** A terminal is redrawn at most this often. */
const redrawMs = 80

export function createProgress(
  stream: ProgressStream,
  { label, total, now }: { label: string; total: number; now: () => number },
): Progress {
  let drawnAt = -Infinity
  let quarter = 0
  const text = (done: number) => `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${label}`

  function redraw(done: number): void {
    if (now() - drawnAt < redrawMs && done < total) return
    drawnAt = now()
    const filled = Math.round((done / total) * barWidth)
    stream.write(`\r\x1b[K  ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}  ${text(done)}`)
  }

  function tell(done: number): void {
    const reached = Math.floor((done / total) * 4)
    if (reached > quarter) stream.write(`${text(done)}\n`)
    quarter = reached
  }

  return {
    update: done => (stream.isTTY === true ? redraw(done) : tell(done)),
    end: () => {
      if (stream.isTTY === true) stream.write('\r\x1b[K')
    },
  }
}
