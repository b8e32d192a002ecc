import { describe, expect, test } from 'vitest'
import { CallHeaderError, createCallReader } from './call_fields.ts'

const call = { time: '2026-11-20T14:03Z', caller: '+40217773142', dialled: '+40213000000', seconds: '61' }
const { time, caller, dialled, seconds } = call

describe('CSV', () => {
  test.each<[string, string, string]>([
    ['commas', 'time,caller,dialled,seconds', `${time},${caller},${dialled},${seconds}`],
    [
      'another order, other columns',
      'note,Seconds,DIALLED, Time ,caller',
      `x,61,${dialled},${time},${caller}`,
    ],
    ['semicolons', 'time;caller;dialled;seconds', `${time};${caller};${dialled};${seconds}`],
    ['tabs', 'time\tcaller\tdialled\tseconds', `${time}\t${caller}\t${dialled}\t${seconds}`],
    ['quotes', '"time","caller","dialled","seconds"', `"${time}","${caller}","${dialled}","${seconds}"`],
    [
      'quoted separators and quotes',
      'time,caller,dialled,seconds,note',
      `${time},${caller},${dialled},${seconds},"Smith, ""Bob"""`,
    ],
    ['a mark of bytes', '\ufefftime,caller,dialled,seconds', `${time},${caller},${dialled},${seconds}`],
  ])('%s', (_name, header, line) => {
    const read = createCallReader('csv')
    expect(read(header)).toBe('skip')
    expect(read(line)).toEqual(call)
    expect(read('  ')).toBe('skip')
  })

  test.each([
    ['too few fields', 'a,b,c'],
    ['too many', 'a,b,c,d,e'],
    ['a quote that stays open', `${time},"${caller},${dialled},${seconds}`],
    ['a quote in the wrong place', `${time},"${caller}"x,${dialled},${seconds}`],
  ])('%s: the line is bad, the next is read', (_name, line) => {
    const read = createCallReader('csv')
    read('time,caller,dialled,seconds')
    expect(read(line)).toBeUndefined()
    expect(read(`${time},${caller},${dialled},${seconds}`)).toEqual(call)
  })

  test('a first line that is not of names is told, without repeating it', () => {
    const read = createCallReader('csv')
    expect(() => read(`${time},${caller},seconds,dialled`)).toThrow(CallHeaderError)
    expect(() => read(`${time},${caller},seconds,dialled`)).toThrow(/: time, caller is missing$/)
  })
})

describe('NDJSON', () => {
  const read = createCallReader('ndjson')
  test('texts and numbers; other keys are not read', () => {
    expect(read(JSON.stringify({ ...call, seconds: 61, name: 'Bob' }))).toEqual(call)
    expect(read(JSON.stringify({ ...call, caller: null }))).toEqual({ ...call, caller: '' })
    expect(read('')).toBe('skip')
  })
  test.each([
    '{',
    '[]',
    'null',
    '7',
    '"x"',
    JSON.stringify({ ...call, time: 5 }),
    JSON.stringify({ ...call, caller: 40 }),
  ])('%s', line => expect(read(line)).toBeUndefined())
})
