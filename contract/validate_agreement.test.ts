// The hand-written validator and the published JSON Schema must never disagree. What the schema cannot say is the closed
// list of cross_rules.ts, which is added to the schema's verdict (tools/testing/judge_batch.ts).

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { validBatches } from '../tools/testing/batches.ts'
import { agreedVerdict } from '../tools/testing/judge_batch.ts'
import { type Mutation, mutate, mutations } from '../tools/testing/mutations.ts'
import { crossRules } from './cross_rules.ts'
import { type Batch, type Event, eventTypes, levels } from './events.ts'
import { visitorIdLength } from './limits.ts'
import { allPurposes } from './purposes.ts'

/**
 * The batch as a collector would have parsed it. JSON.stringify writes -0 as 0 and Infinity as null, but a client can
 * well write -0, and 1e400 is valid JSON that JavaScript reads as Infinity: both travel here as marks.
 */
function received(value: unknown): unknown {
  const json = JSON.stringify(value, (_, item) => {
    if (Object.is(item, -0)) return '\uE000-0'
    if (item === Infinity) return '\uE0001e400'
    return item === -Infinity ? '\uE000-1e400' : item
  })
  return json === undefined ? undefined : JSON.parse(json.replaceAll(/"\uE000(-?[01]e?\d*)"/g, '$1'))
}

test('every valid batch is valid for both', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(validBatches(), batch => {
      expect(agreedVerdict(received(batch))).toBe('valid')
      for (const event of batch.events) seen.add(event.type)
    }),
    { numRuns: 1000 },
  )
  expect([...seen].sort()).toEqual([...eventTypes].sort())
})

test('mutated batches get the same verdict from both, and each verdict often', () => {
  const verdicts = new Map<string, number>()
  const kinds = new Map<string, number>()
  fc.assert(
    fc.property(validBatches(), fc.array(mutations(), { minLength: 1, maxLength: 2 }), (batch, changes) => {
      const mutated = received(changes.reduce<unknown>((value, change) => mutate(value, change), batch))
      const verdict = agreedVerdict(mutated)
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
      for (const { kind } of changes as Mutation[]) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }),
    { numRuns: 5000 },
  )
  expect(verdicts.get('valid')).toBeGreaterThan(600)
  expect(verdicts.get('not the schema')).toBeGreaterThan(2500)
  expect(Math.min(...kinds.values())).toBeGreaterThan(250)
})

test('batches that only the cross-rules tell apart get the same verdict from both, and each rule decides often', () => {
  const bent = fc.record({
    index: fc.nat(4),
    scroll: fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 })),
    visitor: fc.option(fc.constant('a'.repeat(visitorIdLength)), { nil: undefined }),
    level: fc.constantFrom(...levels),
    purposes: fc.nat(allPurposes),
    twin: fc.boolean(),
  })
  const verdicts = new Map<string, number>()
  fc.assert(
    fc.property(validBatches(), bent, (batch, { index, scroll, visitor, level, purposes, twin }) => {
      const engagement: Event = { type: 'engagement', page: index, seq: 0, at: 0, scroll }
      const pages = twin ? [...batch.pages, batch.pages[0]] : batch.pages
      const consent = { ...batch.consent, level, purposes }
      const verdict = agreedVerdict(
        received({ ...batch, consent, visitor, pages, events: [...batch.events.slice(0, 5), engagement] }),
      )
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    }),
    { numRuns: 1800 },
  )
  expect(verdicts.get('not the schema')).toBeUndefined()
  for (const verdict of ['valid', ...Object.keys(crossRules)]) {
    expect(verdicts.get(verdict), verdict).toBeGreaterThan(60)
  }
})

test('values that are no batch at all get the same verdict from both', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), value => agreedVerdict(received(value)) !== 'valid'),
    { numRuns: 2000 },
  )
})

describe('characters are counted alike', () => {
  const cases: readonly [string, string, boolean][] = [
    ['32 letters', 'a'.repeat(32), true],
    ['33 letters', 'a'.repeat(33), false],
    ['32 astral characters, 64 units', '𝒳'.repeat(32), true],
    ['33 astral characters', '𝒳'.repeat(33), false],
    ['31 astral characters and 2 letters', `${'𝒳'.repeat(31)}aa`, false],
    ['30 astral characters and 2 letters', `a${'𝒳'.repeat(30)}a`, true],
    ['32 first halves', '\ud835'.repeat(32), true],
    ['33 first halves', '\ud835'.repeat(33), false],
    ['33 second halves', '\udcb3'.repeat(33), false],
    ['30 pairs between two lone halves', '\udcb3\ud835'.repeat(31), true],
    ['31 pairs between two lone halves', '\udcb3\ud835'.repeat(32), false],
    ['a family of five joined by zero-width joiners', '👨‍👩‍👧‍👦'.repeat(4), true],
  ]
  test.each(cases)('%s', (_, site, wanted) => {
    const batch = { ...(fc.sample(validBatches(), { numRuns: 1, seed: 1 })[0] as Batch), site }
    expect(agreedVerdict(batch)).toBe(wanted ? 'valid' : 'not the schema')
  })

  test('any mixture of letters, pairs and halves around the bound', () => {
    const batch = fc.sample(validBatches(), { numRuns: 1, seed: 1 })[0] as Batch
    const unit = fc.constantFrom('a', '𝒳', '\ud835', '\udcb3')
    const verdicts = new Map<string, number>()
    fc.assert(
      fc.property(fc.array(unit, { minLength: 28, maxLength: 40, size: 'max' }), units => {
        const verdict = agreedVerdict({ ...batch, site: units.join('') })
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
      }),
      { numRuns: 2000 },
    )
    expect(Math.min(verdicts.get('valid') ?? 0, verdicts.get('not the schema') ?? 0)).toBeGreaterThan(200)
  })
})
