// lightfoot.json, key by key: what may be written, what it means when left out, and what each key is for. The JSON
// Schema that editors use is generated from this, so the descriptions here are what people read while they write it.

import { z } from 'zod'
import { limits } from '../../contract/limits.ts'
import { purposeNames } from '../../contract/purposes.ts'
import { list, object, pathPattern, says, text, whole } from './keys.ts'
import { parseOrigin } from './parse_origin.ts'
import { timezoneProblem } from './timezone_problem.ts'

const siteId = 'must be 1 to 32 of a–z, 0–9, "-" and "_", beginning with a letter or a digit: "shop"'

const id = z
  .string(says(siteId, 'is missing: give the site a short id, such as "shop"'))
  .regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, says(siteId))
  .meta({ description: 'Short id of the site: it stands in the snippet and in every row.' })

const origin = z
  .string(says('must be an origin in quotes: "https://www.example.com"'))
  .transform((written, context) => {
    const parsed = parseOrigin(written)
    if (parsed.ok) return parsed.origin
    context.issues.push({ code: 'custom', message: parsed.problem, input: written })
    return z.NEVER
  })
  .meta({
    description: 'Scheme and host: https://www.example.com, or https://*.example.com for all subdomains.',
  })

const originsMissing = 'is missing: list the origins of the site\'s pages: ["https://www.example.com"]'

const origins = z
  .array(origin, says('must be a list of origins: ["https://www.example.com"]', originsMissing))
  .min(1, says('must name at least one origin: ["https://www.example.com"]'))
  .max(100, says('must name at most 100 origins; "https://*.example.com" covers all subdomains'))
  .meta({ description: "Origins of the site's pages. Events from any other origin are refused." })

const modes = 'write "strict" (nothing without consent) or "exempt" (anonymous audience measurement)'

const mode = z.enum(['strict', 'exempt'], says(`is not a mode: ${modes}`, `is missing: ${modes}`)).meta({
  description:
    'strict: nothing is collected without consent. exempt: anonymous audience measurement before a choice. It has no default: it is a legal decision.',
})

const policy = whole(
  1,
  limits.policyMax,
  "Version of the site's privacy policy. Raise it when the policy changes: older choices then no longer count.",
  'is missing: write the version of your privacy policy, starting with 1',
)

const timezone = z
  .string(says('must be a time zone in quotes: "Europe/Bucharest"'))
  .check(({ value, issues }) => {
    const problem = timezoneProblem(value)
    if (problem !== undefined) issues.push({ code: 'custom', message: problem, input: value })
  })
  .meta({
    description: 'IANA time zone; days and hours in reports are of this zone.',
    examples: ['Europe/Bucharest'],
  })

const parameterName = text(100, 'Name of a query parameter.')

const group = object(
  {
    name: text(limits.nameMax, 'Name of the group, as in reports.'),
    path: pathPattern('Pages of the group: /order/*.'),
  },
  'Pages that are reported together.',
)

const goal = object(
  {
    name: text(limits.nameMax, 'Name of the goal, as in reports.'),
    path: z.exactOptional(pathPattern('Reached when a page with this path is shown.')),
    event: z.exactOptional(text(limits.nameMax, 'Reached when this custom event is sent.')),
  },
  'Something that visitors are meant to reach: a page or an event.',
).refine(
  ({ path, event }) => (path === undefined) !== (event === undefined),
  'must have either "path" or "event": {"name": "Signed up", "path": "/welcome"}',
)

const cookieDomainProblem = 'must be a domain without scheme or leading dot: "example.com"'

const cookieDomain = z
  .string(says(cookieDomainProblem))
  .regex(/^$|^[a-z0-9-]+(\.[a-z0-9-]+)*$/, says(cookieDomainProblem))
  .meta({
    description: 'Domain of the objection cookie, so that it holds for all subdomains; empty: the host only.',
  })

const numberProblem = 'must be a phone number with its country code and digits only: "+40213000000"'

const number = z
  .string(says(numberProblem))
  .regex(/^\+[1-9]\d{5,14}$/, says(numberProblem))
  .meta({ description: 'Phone number in the form of E.164.' })

const retention = object(
  {
    exemptDays: whole(7, 395, 'Days for which raw rows without consent are kept.').default(30),
    grantedDays: whole(7, 395, 'Days for which raw rows with consent are kept.').default(90),
    rollupMonths: whole(1, 120, 'Months for which aggregates are kept.').default(25),
  },
  'How long things are kept.',
)

const search = object(
  { parameters: list(parameterName, 20, 'Query parameters that hold what was searched for.').default([]) },
  "The site's own search.",
)

const regionProblem = 'must be a short name of a–z, 0–9 and "-": "eea"'

const region = z
  .string(says(regionProblem))
  .regex(/^[a-z0-9-]{0,32}$/, says(regionProblem))
  .meta({ description: 'Region that the data of the site must not leave: eea; empty: none is named.' })

const gpcProblem =
  'is not known: write "refuse" (they refuse identity, campaigns and disclosure) or "objection"'

const gpc = z.enum(['refuse', 'objection'], says(gpcProblem)).meta({
  description:
    'What GPC and DNT mean: refuse identity, campaigns and disclosure (refuse), or an objection to everything (objection).',
})

const purposeProblem = `is not a purpose: write some of ${purposeNames.join(', ')}`

/** `numberMax`: the framework has 24 places for its own purposes and 63 for others. */
function tcfNumbers(numberMax: number, description: string) {
  const number = z
    .string()
    .regex(/^[1-9]\d?$/)
    .refine(key => Number(key) <= numberMax)
  const names = list(z.enum(purposeNames, says(purposeProblem)), purposeNames.length, 'What it grants.')
  return z
    .record(number, names.min(1, says(purposeProblem)), {
      error: ({ code }) =>
        code === 'invalid_key'
          ? `is not the number of a purpose, 1 to ${numberMax}`
          : 'must be an object of numbers and purposes: {"8": ["statistics"]}',
    })
    .meta({ description })
}

const tcf = object(
  {
    purposes: tcfNumbers(24, "Consents to the publisher, by number of the framework's purpose.").default({}),
    custom: tcfNumbers(63, "Consents to the publisher's own purposes, by number.").default({}),
  },
  'What consents on a platform of the IAB (TCF) grant here. A purpose that several numbers name needs all of them.',
).refine(
  ({ purposes, custom }) => Object.keys(purposes).length + Object.keys(custom).length > 0,
  'must map at least one number: {"purposes": {"8": ["statistics"]}}',
)

const site = object(
  {
    id,
    origins,
    mode,
    policy,
    name: z.exactOptional(text(limits.nameMax, 'Name of the site for people; without it, its id.')),
    timezone: timezone.default('UTC'),
    region: region.default(''),
    gpc: gpc.default('refuse'),
    tcf: z.exactOptional(tcf),
    parameters: list(
      parameterName,
      100,
      'Query parameters that may be kept; all others are removed, those of campaigns (utm_…) excepted.',
    ).default([]),
    search: search.default({ parameters: [] }),
    groups: list(group, 200, 'Pages that are reported together; the first that matches counts.').default([]),
    sensitive: list(
      pathPattern('Pages whose path reveals something about a person: /health/*.'),
      200,
      'Paths that reveal; only the pattern is ever stored.',
    ).default([]),
    cookieDomain: cookieDomain.default(''),
    events: list(
      text(limits.nameMax, 'Name of a custom event.'),
      200,
      'Custom events that count before consent.',
    ).default([]),
    numbers: list(
      number,
      200,
      "The site's own phone numbers; clicks on others are kept with consent only.",
    ).default([]),
    goals: list(goal, 100, 'What visitors are meant to reach.').default([]),
    funnels: notYet('funnels').default([]),
    retention: retention.default({ exemptDays: 30, grantedDays: 90, rollupMonths: 25 }),
    minimumGroup: whole(1, 10_000, 'Rows of fewer visitors are merged in reports; 1 turns this off.').default(
      10,
    ),
  },
  'A website.',
)
  .superRefine(checkCookieDomain)
  .transform(checked => ({ ...checked, name: checked.name ?? checked.id }))

const controller = object(
  {
    name: z
      .string(says('must be a text'))
      .max(200)
      .default('')
      .meta({ description: 'Name of the controller.' }),
    contact: z.string(says('must be a text')).max(200).default('').meta({
      description: 'How people reach the controller about their data: an e-mail address or a page.',
    }),
  },
  'Who is responsible for the data; it stands on the /privacy page.',
)

const sitesMissing = 'is missing: list at least one site; "lightfoot init" writes one'

export const configSchema = object(
  {
    $schema: z.exactOptional(
      z.string(says('must be a text')).meta({ description: 'Lets editors complete this file.' }),
    ),
    controller: controller.default({ name: '', contact: '' }),
    sites: z
      .array(site, says('must be a list [ … ] of sites', sitesMissing))
      .min(1, says('must hold at least one site; "lightfoot init" writes one'))
      .max(1000, says('must hold at most 1000 sites'))
      .superRefine(checkIds)
      .meta({ description: 'The websites whose events are collected.' }),
    recipients: notYet('recipients').default([]),
  },
  'Configuration of Lightfoot.',
)

/** A list that later versions fill. What would be ignored is refused, so that nobody relies on it. */
function notYet(key: string) {
  const message = says(`must be an empty list: this version knows no ${key}`)
  return z
    .array(z.unknown(), message)
    .max(0, message)
    .meta({ description: `Reserved: this version knows no ${key}.` })
}

/** Two sites of one id would share everything that is told apart by it. */
function checkIds(sites: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  for (const [index, { id: own }] of sites.entries()) {
    const first = sites.findIndex(other => other.id === own)
    if (first === index) continue
    context.addIssue({
      code: 'custom',
      path: [index, 'id'],
      message: `is the id of sites[${first}] too: give each site its own`,
    })
  }
}

/** A browser refuses a cookie for a domain that the page is not in, and an objection would then not be kept. */
function checkCookieDomain(
  { cookieDomain: domain, origins: listed }: { cookieDomain: string; origins: readonly string[] },
  context: z.RefinementCtx,
): void {
  if (domain === '') return
  const outside = listed.find(entry => {
    const { hostname } = new URL(entry.replace('*.', ''))
    return hostname !== domain && !hostname.endsWith(`.${domain}`)
  })
  if (outside === undefined) return
  context.addIssue({
    code: 'custom',
    path: ['cookieDomain'],
    message: `must be a domain that every origin is in, and ${outside} is not: correct it or leave it out`,
  })
}
