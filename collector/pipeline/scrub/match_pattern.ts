// Path patterns of the configuration: `/order/*`. A star stands for anything, slashes too; `/order/*` covers `/order`
// itself as well, because a page's own front is of the same kind, and for `sensitive` leaving it out would reveal it.

/**
 * Upper and lower case are the same: a server that serves `/Health/x` as `/health/x` must not give away what a sensitive
 * pattern covers. Two pointers instead of a regular expression: nothing to escape, and no path makes it slow.
 */
export function matchesPattern(pattern: string, path: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = path.toLowerCase()
  if (wanted.endsWith('/*') && given === wanted.slice(0, -2)) return true
  return matchesGlob(wanted, given)
}

/** Where a star was met, matching goes back to it and lets it swallow one character more. */
function matchesGlob(pattern: string, text: string): boolean {
  let inPattern = 0
  let inText = 0
  let star = -1
  let starText = 0
  while (inText < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern++
      starText = inText
    } else if (inPattern < pattern.length && pattern[inPattern] === text[inText]) {
      inPattern++
      inText++
    } else if (star !== -1) {
      inPattern = star + 1
      inText = ++starText
    } else {
      return false
    }
  }
  while (pattern[inPattern] === '*') inPattern++
  return inPattern === pattern.length
}
