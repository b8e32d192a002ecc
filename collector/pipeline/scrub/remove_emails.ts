// E-mail addresses, found from each @ outwards. By hand rather than by a regular expression: a pattern for the part
// before the @ starts anew at every character, which 2,048 characters without an @ turn into two million steps.

const boundary = /[\s/?#&=;,:"'`<>()[\]{}|\\@*!$^]/

/** `name@1.2.3` is a package and its version, as paths of documentation have them. */
const version = /^v?\d+(\.\d+){0,3}$/

export function removeEmails(text: string): string {
  let clean = ''
  let done = 0
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const start = startOfLocal(text, at, done)
    const end = endOfDomain(text, at)
    if (start === at || end === at + 1 || version.test(text.slice(at + 1, end))) continue
    clean += `${text.slice(done, start)}:email`
    done = end
    at = end - 1
  }
  return clean + text.slice(done)
}

function startOfLocal(text: string, at: number, min: number): number {
  let start = at
  while (start > min && !boundary.test(text[start - 1] ?? ' ')) start--
  return start
}

/** A full stop or hyphen at the end belongs to the sentence, not to the domain. */
function endOfDomain(text: string, at: number): number {
  let end = at + 1
  while (end < text.length && !boundary.test(text[end] ?? ' ')) end++
  while (end > at + 1 && /[.-]/.test(text[end - 1] ?? '')) end--
  return end
}
