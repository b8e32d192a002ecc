import { describe, expect, test } from 'vitest'
import { createPhoneNumbers } from './phone_numbers.ts'

const declared = ['+40213000000', '+442079460000', '+12125550100', '+441632960144']
const numbers = createPhoneNumbers(declared)

describe('the dialled number is one of the site’s own, however it is written', () => {
  test.each([
    ['+40213000000', '+40213000000'],
    ['0040 21 300 00 00', '+40213000000'],
    ['(021) 300-00-00', '+40213000000'],
    ['+44 (0)20 7946 0000', '+442079460000'],
    ['020 7946 0000', '+442079460000'],
    ['1-212-555-0100', '+12125550100'],
    // A number of films and demos, which no plan has.
    ['01632 960144', '+441632960144'],
    ['+40213000001', undefined],
    ['300 00 00', undefined],
    ['', undefined],
    ['+40', undefined],
    ['anonymous', undefined],
  ])('%s', (dialled, wanted) => {
    expect(numbers.own(dialled)?.number).toBe(wanted)
  })
})

describe('of a caller country and area', () => {
  const own = (number: string) => numbers.own(number) ?? { number, callingCode: '' }
  test.each<[string, string, string, string]>([
    ['a fixed line', '+40 21 777 31 42', 'RO', '+40 21'],
    ['without its country, of that of the number dialled', '0264 777 314', 'RO', '+40 264'],
    ['a mobile', '0722 123 456', 'RO', ''],
    ['a large city', '+49 30 12345678', 'DE', '+49 30'],
    ['an area of few numbers', '+49 33678 123', 'DE', ''],
    ['a plan that writes 0 in it', '+39 06 1234 5678', 'IT', '+39 06'],
    ['a plan of one digit', '+33 1 42 34 56 78', 'FR', '+33 1'],
    ['North America, where mobiles are alike', '+1 212 555 1234', 'US', '+1 212'],
    ['a plan without areas, where mobiles are alike', '+45 21 23 45 67', 'DK', ''],
    ['a free number', '+1 800 555 1234', 'US', ''],
    ['a short number', '112', '', ''],
    ['of no plan', '+999 123 456', '', ''],
    ['withheld', '', '', ''],
    ['withheld, in a word', 'Anonymous', '', ''],
    ['a name', 'sip:zebulon@example.com', '', ''],
  ])('%s', (_name, caller, country, area) => {
    expect(numbers.callerPlace(caller, own('+40213000000'))).toEqual({ country, area })
  })

  test('the same written number is of another country where another was dialled', () => {
    expect(numbers.callerPlace('020 7946 0999', own('+442079460000')).country).toBe('GB')
    expect(numbers.callerPlace('020 7946 0999', own('+40213000000')).country).toBe('')
  })
})
