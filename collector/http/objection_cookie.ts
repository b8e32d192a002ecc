// The cookie that an objection left: `lightfoot_off=1`. Where the collector has another domain than the page, browsers often
// do not send it; then the page itself keeps silent.

export function hasObjected(cookie: string | undefined): boolean {
  return cookie !== undefined && /(?:^|;\s*)lightfoot_off=1\s*(?:;|$)/.test(cookie)
}
