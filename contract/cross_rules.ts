// What a batch must keep beyond its JSON Schema, because JSON Schema cannot compare one value with another. This is the
// whole list: the published schema cites it, and the property test adds exactly these rules to the schema's verdict.

export const crossRules = {
  page_in_range: 'The page of every event is the index of an entry of pages.',
  pages_differ: 'No two pages have the same id.',
  scroll_forwards: 'The first decile of scroll is not later than the last one.',
  visitor_needs_identity:
    'A visitor is named only when the level is granted and purposes hold the bit of identity (8).',
} as const

export type CrossRule = keyof typeof crossRules
