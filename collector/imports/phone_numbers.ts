// What telephone numbers tell. Of a caller's: country and area, nothing else; the number itself is an argument here and goes
// no further. Of the dialled one: which of the site's own numbers it is, however it is written.

import parsePhoneNumber, { type PhoneNumber } from 'libphonenumber-js/max'
import { plainNumber } from '../pipeline/anonymise/dialled.ts'

export type CallerPlace = {
  /** ISO 3166-1 alpha-2; '' where the number is withheld or of no known plan. */
  readonly country: string
  /** Country code and area code, `+40 21`; '' for mobiles and wherever the plan does not tell. */
  readonly area: string
}

export type PhoneNumbers = {
  /** The site's own number as the configuration writes it, and where its callers are at home. */
  own(dialled: string): OwnNumber | undefined
  callerPlace(caller: string, dialled: OwnNumber): CallerPlace
}

export type OwnNumber = { readonly number: string; readonly callingCode: string }

const nowhere: CallerPlace = { country: '', area: '' }

export function createPhoneNumbers(declared: readonly string[]): PhoneNumbers {
  const known = declared.map(number => {
    const callingCode = parsePhoneNumber(number)?.countryCallingCode ?? ''
    return { number, callingCode }
  })
  return {
    own(dialled) {
      const written = plainNumber(dialled)
      if (written === '') return undefined
      return known.find(own => own.number === written || fullNumber(written, own.callingCode) === own.number)
    },
    callerPlace: (caller, { callingCode }) => placeOf(parse(plainNumber(caller), callingCode)),
  }
}

/** A number without a country is of the country of the number that was dialled. */
function parse(number: string, callingCode: string): PhoneNumber | undefined {
  if (number === '') return undefined
  return parsePhoneNumber(number, callingCode === '' ? {} : { defaultCallingCode: callingCode })
}

function fullNumber(number: string, callingCode: string): string {
  return parse(number, callingCode)?.number ?? ''
}

function placeOf(number: PhoneNumber | undefined): CallerPlace {
  if (number?.country === undefined || !number.isValid()) return nowhere
  return { country: number.country, area: areaOf(number) }
}

/** Numbers that share an area code: with fewer than 100,000 it is a village, and says more than an area. */
const digitsBehindMin = 5

/**
 * The area code, which is the first group of digits as the plan writes the number: `+40 21 300 0000 → +40 21`. Of fixed lines only;
 * where one plan holds fixed lines and mobiles alike, only in North America, where every number has an area code of three digits.
 */
function areaOf(number: PhoneNumber): string {
  const type = number.getType()
  const isNorthAmerican = type === 'FIXED_LINE_OR_MOBILE' && number.countryCallingCode === '1'
  if (type !== 'FIXED_LINE' && !isNorthAmerican) return ''
  const [code = '', area = '', ...groups] = number.formatInternational().split(/[\s-]+/)
  return groups.join('').length >= digitsBehindMin ? `${code} ${area}` : ''
}
