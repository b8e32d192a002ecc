// One origin of the configuration: `https://www.example.com`, or `https://*.example.com` for all subdomains. It comes
// out as browsers write origins (lower case, no default port, punycode), so that comparing strings is enough later.

export type ParsedOrigin =
  | { readonly ok: true; readonly origin: string }
  /** The rest of a sentence that begins with the key, and says what to write. */
  | { readonly ok: false; readonly problem: string }

const wildcard = '*.'

export function parseOrigin(text: string): ParsedOrigin {
  const scheme = /^(https?):\/\/(.*)$/is.exec(text)
  if (scheme === null) return refuse('must begin with https:// (or http://): "https://www.example.com"')
  const [, name = '', rest = ''] = scheme
  const isWildcard = rest.startsWith(wildcard)
  const url = parseUrl(`${name}://${isWildcard ? rest.slice(wildcard.length) : rest}`)
  if (url === undefined || rest.trim() !== rest || rest.slice(isWildcard ? 1 : 0).includes('*')) {
    return refuse('is not an origin: write scheme and host, such as "https://www.example.com"')
  }
  if (url.username !== '' || url.password !== '') return refuse('must hold no user or password')
  if (/[/?#\\]/.test(rest)) {
    const origin = isWildcard ? `${url.protocol}//${wildcard}${url.host}` : url.origin
    return refuse(`must hold nothing after the host: write "${origin}"`)
  }
  if (!isWildcard) return { ok: true, origin: url.origin }
  if (!/[^.]\.[^.]/.test(url.hostname) || /^[\d.]+$|^\[/.test(url.hostname)) {
    return refuse('must name a domain after "*.": "https://*.example.com"')
  }
  return { ok: true, origin: `${url.protocol}//${wildcard}${url.host}` }
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function refuse(problem: string): ParsedOrigin {
  return { ok: false, problem }
}
