// POST /v1/consent records a visitor's choice in the ledger and answers with the signed receipt of a grant;
// GET /v1/consent/:id/proof gives the ledger's entry back. An objection's entry holds no id at all, so it cannot be asked for.

import { type Request, type Response, Router } from 'express'
import { isObject } from '../../../contract/checks.ts'
import { type Purpose, type PurposeSet, purposeNames, purposeSet } from '../../../contract/purposes.ts'
import type { Site } from '../../config/config.ts'
import { findSite } from '../../config/find_site.ts'
import { purposesOfTcString, tcStringMax } from '../../privacy/tc_string.ts'
import { type ClientHead, isOfInternet } from '../client_address.ts'
import { Failure, sendJson } from '../failures.ts'
import type { PublicParts } from '../public_parts.ts'
import { createRateLimit, type RateLimit } from '../rate_limit.ts'
import { readJson } from '../read_body.ts'
import { checkOrigin } from '../request_origin.ts'

const choiceBytesMax = tcStringMax + 2048

/** A network of 256 addresses behind which as many people choose at once is rare, and a banner asks again on the next page. */
const rate = { perMinute: 20, burst: 20 }

/** Who only ever refuses is not kept from it by those who grant, nor by those who read: each has buckets of its own. */
type Limits = { readonly grants: RateLimit; readonly refusals: RateLimit; readonly proofs: RateLimit }

const kinds = ['grant', 'withdraw', 'object'] as const

type Choice = {
  readonly site: string
  readonly policy: number
  readonly choice: (typeof kinds)[number]
  readonly purposes: readonly Purpose[]
  /** What the ledger may not keep becomes `other` there: a banner's name of itself is no reason to lose a choice. */
  readonly source: string
  /** The TC string by which a consent platform granted; it is not kept. */
  readonly tcf: string | undefined
}

export function consentRoute(parts: PublicParts): Router {
  const router = Router()
  const limits: Limits = {
    grants: createRateLimit(rate),
    refusals: createRateLimit(rate),
    proofs: createRateLimit(rate),
  }
  router.post('/v1/consent', async (request, response) => takeChoice(parts, limits, request, response))
  router.get('/v1/consent/:id/proof', async (request, response) => {
    admit(limits.proofs, parts.clientHead(request), parts.now())
    const entry = await parts.ledger.find(request.params.id)
    if (!entry) throw new Failure('not_found')
    sendJson(response, 200, entry)
  })
  return router
}

/** Clients that cannot be told apart are not limited: one of them could keep all others from choosing. */
function admit(limit: RateLimit, client: ClientHead, at: number): void {
  const { prefix } = client()
  if (!isOfInternet(prefix)) return
  const waitSeconds = limit.take(prefix, at)
  if (waitSeconds > 0) throw new Failure('too_many_requests', undefined, waitSeconds)
}

async function takeChoice(
  parts: PublicParts,
  limits: Limits,
  request: Request,
  response: Response,
): Promise<void> {
  const client = parts.clientHead(request)
  const choice = parseChoice(await readJson(request, choiceBytesMax))
  const site = findSite(parts.config(), choice.site)
  if (!site) throw new Failure('unknown_site')
  checkOrigin(site, request.headers)
  if (choice.policy !== site.policy) throw new Failure('older_policy')
  const at = parts.now()
  admit(choice.choice === 'grant' ? limits.grants : limits.refusals, client, at)
  const purposes = choice.choice === 'grant' ? await grantedPurposes(parts, site, choice) : 0
  const id = await record(parts, choice, purposes, at)
  if (choice.choice === 'grant')
    sendJson(response, 201, { receipt: parts.receipts.issue(site, purposes, at), id })
  else sendJson(response, 202, { recorded: true })
}

/** What is asked for, as far as the TC string allows it where there is one. The stricter of the two wins, and it is counted. */
async function grantedPurposes(
  { metrics }: PublicParts,
  site: Site,
  { purposes, tcf }: Choice,
): Promise<PurposeSet> {
  const asked = purposeSet(purposes)
  if (tcf === undefined) return asked
  if (!site.tcf) throw new Failure('not_valid', 'tcf: the site has no map of a consent platform')
  const allowed = await purposesOfTcString(tcf, site.tcf)
  if (allowed === undefined) throw wrong('tcf')
  if ((asked & ~allowed) !== 0) metrics.ingested(0, {}, ['signals_disagree'])
  if ((asked & allowed) === 0) throw new Failure('not_valid', 'tcf: grants none of these purposes')
  return asked & allowed
}

/** By hand: the acceptor would load zod for this alone, 4 MB. A message names a key of ours, and nothing of the input. */
function parseChoice(value: unknown): Choice {
  if (!isObject(value)) throw new Failure('not_valid', 'must be an object')
  const { site, policy, choice, purposes = [], source = 'page', tcf, ...others } = value
  const isGranted = choice === 'grant'
  if (typeof site !== 'string' || site.length > 32) throw wrong('site')
  if (!isPolicy(policy)) throw wrong('policy')
  if (!isOneOf(choice, kinds)) throw wrong('choice')
  if (!arePurposes(purposes) || (isGranted && purposes.length === 0)) throw wrong('purposes')
  if (tcf !== undefined && (typeof tcf !== 'string' || !isGranted)) throw wrong('tcf')
  if (Object.keys(others).length > 0) throw new Failure('not_valid', 'has a key that is not known')
  return { site, policy, choice, purposes, source: sourceOf(source, tcf), tcf }
}

/** `tcf` is what its string shows, and nothing else is. */
function sourceOf(source: unknown, tcf: string | undefined): string {
  if (tcf !== undefined) return 'tcf'
  return typeof source === 'string' && source !== 'tcf' ? source : 'other'
}

function wrong(key: keyof Choice): Failure {
  return new Failure('not_valid', `${key}: is missing or wrong`)
}

function isPolicy(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535
}

function isOneOf<T extends string>(value: unknown, values: readonly T[]): value is T {
  return (values as readonly unknown[]).includes(value)
}

function arePurposes(value: unknown): value is readonly Purpose[] {
  return (
    Array.isArray(value) &&
    value.length <= purposeNames.length &&
    value.every(name => isOneOf(name, purposeNames))
  )
}

async function record(
  parts: PublicParts,
  choice: Choice,
  purposes: number,
  at: number,
): Promise<string | undefined> {
  try {
    const { site, policy, source } = choice
    return await parts.ledger.record({ site, policy, choice: choice.choice, purposes, at, source })
  } catch (error) {
    parts.logError(error, 'consent ledger')
    throw new Failure('not_durable')
  }
}
