// Metrics whose value lies elsewhere and is read when somebody asks for it.

import { Counter, Gauge, type Registry } from 'prom-client'

type Named = { readonly name: string; readonly help: string }

export function addGauge(registry: Registry, name: string, help: string, read: () => Promise<number>): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.set(await read())
    },
  })
}

/** `read` gives the sum since the process began. */
export function addTotal(registry: Registry, name: string, help: string, read: () => number): void {
  addLabelledTotal(registry, { name, help }, {}, read)
}

export function addLabelledTotal(
  registry: Registry,
  named: Named,
  labels: Readonly<Record<string, string>>,
  read: () => number,
): void {
  new Counter({
    ...named,
    labelNames: Object.keys(labels),
    registers: [registry],
    collect() {
      this.reset()
      this.inc(labels, read())
    },
  })
}
