// The words of /privacy for what the consent matrix calls by short names.

import type { Field } from '../../contract/matrix.ts'
import type { Purpose } from '../../contract/purposes.ts'

export const fieldNames: Readonly<Record<Field, string>> = {
  address: 'Internet address',
  country: 'Country',
  time: 'Time',
  url: 'Address of the page',
  title: 'Title of the page',
  view: 'Service or product viewed',
  custom: 'Events of the site',
  referrer: 'Page you came from',
  campaign: 'Campaign',
  search: 'Search on the site',
  agent: 'Browser, system and device',
  screen: 'Screen',
  language: 'Language',
  timing: 'Response times',
  vital: 'Loading experience',
  error: 'Errors and failed downloads',
  engagement: 'Time engaged with a page',
  scroll: 'Scrolling',
  click: 'Clicks',
  hover: 'Mouse-overs',
  form: 'Forms (never what is typed)',
  exit: 'How a page is left',
  page: 'Number of the page visit',
  visitor: 'Visitor',
  dialled: 'Phone number dialled from the site',
  disclosure: 'Given to others',
}

/** `name` as the table says it, `about` as a person would ask. */
export const purposeWords: Readonly<Record<Purpose, { readonly name: string; readonly about: string }>> = {
  statistics: {
    name: 'Detailed statistics',
    about: 'which pages are visited, from where and with which kind of device, in finer steps',
  },
  behaviour: {
    name: 'How pages are used',
    about:
      'how far a page is read, which named parts are clicked, what is searched for on the site, whether a form was sent',
  },
  performance: { name: 'Speed and faults', about: 'how fast pages are for you, and what fails' },
  identity: {
    name: 'Recognising a returning visitor',
    about: 'a random number on your device, for at most 13 months, of this site alone',
  },
  campaigns: { name: 'Success of campaigns', about: 'which advertisement or newsletter led to a visit' },
  calls: { name: 'Phone calls', about: 'which number is dialled from the site' },
  disclosure: {
    name: 'Giving data to others',
    about: 'to the recipients that the site names, and no one else',
  },
}
