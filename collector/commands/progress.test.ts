import { expect, test } from 'vitest'
import { createProgress } from './progress.ts'

function record(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}

test('a terminal has one line that is drawn again, not more often than it can be read', () => {
  const stream = record(true)
  let at = 0
  const progress = createProgress(stream, { label: 'visits', total: 2000, now: () => at })
  for (let done = 1; done <= 2000; done++) {
    progress.update(done)
    at++
  }
  progress.end()
  expect(stream.written.length).toBeLessThan(30)
  expect(stream.written.every(text => text.startsWith('\r\x1b[K') || text === '\r\x1b[K')).toBe(true)
  expect(stream.written.join('')).not.toContain('\n')
  expect(stream.written.at(-2)).toContain('2,000 of 2,000 visits')
  expect(stream.written.at(-1)).toBe('\r\x1b[K')
})

test('elsewhere each quarter is a plain line', () => {
  const stream = record(false)
  const progress = createProgress(stream, { label: 'visits', total: 10, now: () => 0 })
  for (let done = 1; done <= 10; done++) progress.update(done)
  progress.end()
  expect(stream.written).toEqual([
    '3 of 10 visits\n',
    '5 of 10 visits\n',
    '8 of 10 visits\n',
    '10 of 10 visits\n',
  ])
})
