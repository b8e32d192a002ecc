// The traffic of the last three days: when visits happen, and who comes again. Lazily, so that a large number of visits is
// never in memory at once.

import { limits } from '../../contract/limits.ts'
import type { PurposeSet } from '../../contract/purposes.ts'
import { type DemoRequest, makeBatches } from './demo_batches.ts'
import type { PageShown } from './demo_page_events.ts'
import { type DemoPerson, makePerson } from './demo_people.ts'
import { createRandom, type Random } from './demo_random.ts'
import { makeVisit } from './demo_visits.ts'

export type TrafficPlan = {
  readonly visits: number
  readonly seed: number
  /** Unix milliseconds; nothing is later than this. */
  readonly now: number
  /** `http://127.0.0.1:8080`: the addresses of pages begin with it. */
  readonly origin: string
  /** Day and night are of this zone. */
  readonly timezone: string
  readonly policy: number
  /** A receipt for each set of purposes that visitors grant; a set without one is sent as exempt. */
  readonly receipts: ReadonlyMap<PurposeSet, string>
}

/** Half an hour less than the collector's bound: sending takes its time. */
const spanMs = limits.eventAgeMsMax - 30 * 60_000
const comesAgain = 0.18
/** People who may come again are remembered up to this number. */
const acquaintancesMax = 500

/** How busy each hour of the day is: quiet at night, a lunch, an evening. */
const hourWeights = [2, 1, 1, 1, 1, 2, 4, 8, 13, 15, 15, 14, 16, 15, 13, 13, 14, 16, 19, 23, 25, 22, 14, 6]
const busiest = Math.max(...hourWeights)

/** One entry a visit: its requests, in order. */
export function* makeTraffic(plan: TrafficPlan): Generator<readonly DemoRequest[]> {
  const random = createRandom(plan.seed)
  const hourOf = localHours(plan.timezone)
  const acquaintances: DemoPerson[] = []
  for (let visit = 0; visit < plan.visits; visit++) {
    const person = somebody(random, acquaintances)
    const startedAt = startOfVisit(random, plan.now, hourOf)
    const shown = endedBy(plan.now, makeVisit(random, { person, startedAt, origin: plan.origin }))
    yield makeBatches(random, shown, { ...plan, person, startedAt })
  }
}

function somebody(random: Random, acquaintances: DemoPerson[]): DemoPerson {
  const known = acquaintances[random.whole(0, acquaintancesMax - 1)]
  if (known !== undefined && random.chance(comesAgain)) return known
  const person = makePerson(random)
  if (acquaintances.length < acquaintancesMax) acquaintances.push(person)
  else acquaintances[random.whole(0, acquaintancesMax - 1)] = person
  return person
}

/** Tried until the hour accepts it: a busy hour always does, a quiet one seldom. */
function startOfVisit(random: Random, now: number, hourOf: (at: number) => number): number {
  for (;;) {
    const at = now - random.whole(1000, spanMs)
    if (random.chance((hourWeights[hourOf(at)] ?? 1) / busiest)) return at
  }
}

/** Of a visit that is still going on, what has happened until now. */
function endedBy(now: number, shown: readonly PageShown[]): PageShown[] {
  return shown
    .map(page => ({ ...page, events: page.events.filter(({ at }) => at <= now) }))
    .filter(({ events }) => events.length > 0)
}

function localHours(timezone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, hour: 'numeric', hourCycle: 'h23' })
  return at => Number(format.format(at))
}
