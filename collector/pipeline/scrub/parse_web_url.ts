// Every URL that a client names is parsed here. Only the web's own schemes: `blob:https://www.example.com/…` has the
// origin of the site as well, and `javascript:` has a path of its own liking.

/** undefined when the text is not an absolute http or https URL; with `base`, a relative one is resolved against it. */
export function parseWebUrl(text: string, base?: URL): URL | undefined {
  try {
    // Not URL.canParse first: it parses as well, and a good URL is the rule.
    const url = new URL(text, base)
    return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined
  } catch {
    return undefined
  }
}
