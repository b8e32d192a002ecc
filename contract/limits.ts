// Every bound that both ends of the wire agree on. The validator, the JSON Schema and the tracker read them from here.

export const limits = {
  /** Request body, before and after decompression. */
  bodyBytesMax: 64 * 1024,
  /** What the tracker puts into one batch: beacons and keepalive fetches share 64 KiB in Chromium. */
  trackerBatchBytesMax: 16 * 1024,
  eventsMax: 60,
  pagesMax: 60,
  /** One page's events are numbered from 0. */
  seqMax: 65_535,
  /** `at` and `sent`: a page open for 31 days. */
  clockMsMax: 31 * 24 * 3600 * 1000,
  /** An event's time is clamped to this long before its receipt. */
  eventAgeMsMax: 72 * 3600 * 1000,
  /** Increments and phases: no single figure of a page is longer than a day. */
  durationMsMax: 24 * 3600 * 1000,
  /** Characters are code points, as JSON Schema counts them; a text that JavaScript cut at this length always fits. */
  siteMax: 32,
  urlMax: 2048,
  titleMax: 300,
  nameMax: 100,
  termMax: 200,
  messageMax: 500,
  hostMax: 255,
  languageMax: 35,
  receiptMax: 400,
  propertiesMax: 20,
  propertyValueMax: 300,
  bytesMax: 0xffff_ffff,
  /** HTTP statuses; 0 is unknown. */
  statusMax: 999,
  /** Policies are counted from 1, in 16 bits. */
  policyMax: 65_535,
  /** CSS pixels of a screen or viewport. */
  screenMax: 65_535,
  countMax: 1_000_000,
} as const

/** Batch ids are 128 bits and page ids 64 bits, in base64url without padding. */
export const batchIdLength = 22
export const pageIdLength = 11
export const visitorIdLength = 22
