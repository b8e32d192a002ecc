// What a person asked for and cannot have: the message is one clear line.

export class ReportError extends Error {
  override readonly name = 'ReportError'
  readonly code: 'unknown_report' | 'unknown_site' | 'wrong_period' | 'unknown_format'
  constructor(code: ReportError['code'], message: string) {
    super(message)
    this.code = code
  }
}
