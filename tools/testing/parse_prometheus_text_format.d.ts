// The package has no types of its own.

declare module 'parse-prometheus-text-format' {
  type ParsedFamily = {
    readonly name: string
    readonly help: string
    /** `COUNTER`, `GAUGE`, `HISTOGRAM`, … */
    readonly type: string
    readonly metrics: readonly {
      readonly value?: string
      readonly labels?: Readonly<Record<string, string>>
      readonly buckets?: Readonly<Record<string, string>>
      readonly sum?: string
      readonly count?: string
    }[]
  }
  function parsePrometheusTextFormat(text: string): ParsedFamily[]
  export = parsePrometheusTextFormat
}
