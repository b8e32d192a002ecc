// The verdict on the answer to one request: its status is one that may be, its form is the one of all answers, every event
// is accounted for, and it says nothing of what was sent.

import type { Search } from '../testing/search_bytes.ts'
import type { Answer } from './client.ts'
import type { FuzzRequest } from './request.ts'

export type Judge = (request: FuzzRequest, answers: readonly Answer[]) => Verdict

export type Verdict = {
  /** In words, without anything of the request. */
  readonly problems: readonly string[]
  readonly accepted: number
  readonly dropped: number
}

/** Answers are few texts again and again; each is searched once. */
export function createJudge(search: Search): Judge {
  const searched = new Set<string>()
  const leaks = ({ head, body }: Answer): string[] => {
    const text = `${head.replace(/\r\ndate: [^\r]*/i, '')}\r\n${body}`.replace(/"(receipt|id)":"[^"]*"/g, '')
    if (searched.has(text)) return []
    searched.add(text)
    return search.text('answer', text).map(({ needle }) => `the answer repeats ${needle}`)
  }

  return (request, answers) => {
    const problems = [...problemsOf(request, answers), ...answers.flatMap(leaks)]
    const sums = answers.map(sumOfAnswer)
    const accepted = sums.reduce((sum, each) => sum + each.accepted, 0)
    const dropped = sums.reduce((sum, each) => sum + each.dropped, 0)
    const { events } = request.wanted
    const isCounted = events !== undefined && answers[0]?.status === 202
    if (isCounted && accepted + dropped !== events)
      problems.push(`${accepted} accepted and ${dropped} dropped of ${events} events`)
    return { problems, accepted, dropped }
  }
}

function problemsOf(request: FuzzRequest, answers: readonly Answer[]): string[] {
  const bad = answers
    .filter(({ status }) => status < 200 || status >= 500)
    .map(({ status }) => `answered ${status}`)
  if ('raw' in request) return bad
  const [answer] = answers
  const { statuses, isNodes = false } = request.wanted
  if (answer === undefined) return isNodes ? bad : ['no answer']
  if (!statuses.includes(answer.status))
    bad.push(`answered ${answer.status}, wanted ${statuses.join(' or ')}`)
  if (answer.status >= 400 && !isNodes && request.method !== 'HEAD') bad.push(...formOf(answer))
  return bad
}

/** `{"error":{"code":"not_json","message":"The body is not JSON."}}` and nothing else; of the pixel an image always. */
function formOf({ head, body }: Answer): string[] {
  if (outcomeOf(head) !== undefined && /\r\ncontent-type: image\/gif\r\n/i.test(head)) return []
  const wrong = ['the answer has not the form of an error']
  try {
    const { error, ...rest } = JSON.parse(body)
    const { code, message, ...more } = error
    const isGood = /^[a-z_]+$/.test(code) && typeof message === 'string' && message !== ''
    return isGood && Object.keys({ ...rest, ...more }).length === 0 ? [] : wrong
  } catch {
    return wrong
  }
}

const nothing = { accepted: 0, dropped: 0 }

function sumOfAnswer({ status, head, body }: Answer): { accepted: number; dropped: number } {
  if (outcomeOf(head) === 'counted') return { accepted: 1, dropped: 0 }
  return status === 202 ? sumOf(body) : nothing
}

/** What the pixel says in a header, since its body is an image. */
function outcomeOf(head: string): string | undefined {
  return /\r\nlightfoot-outcome: ([a-z_]+)/i.exec(head)?.[1]
}

/** Of `{"accepted":n,"dropped":{"reason":n}}`; an answer to a choice has neither. */
function sumOf(body: string): { accepted: number; dropped: number } {
  const { accepted = 0, dropped = {} } = JSON.parse(body) as {
    accepted?: number
    dropped?: Record<string, number>
  }
  return { accepted, dropped: Object.values(dropped).reduce((sum, count) => sum + count, 0) }
}
