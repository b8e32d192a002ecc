// POST /v1/consent records a visitor's choice in the ledger and answers with the signed receipt of a grant;
// GET /v1/consent/:id/proof gives the ledger's entry back. An objection's entry holds no id at all, so it cannot be asked for.

import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { purposeNames, purposeSet } from '../../../contract/purposes.ts'
import { findSite } from '../../config/find_site.ts'
import { type ClientHead, isOfInternet } from '../client_address.ts'
import { Failure, sendJson } from '../failures.ts'
import type { PublicParts } from '../public_parts.ts'
import { createRateLimit, type RateLimit } from '../rate_limit.ts'
import { readJson } from '../read_body.ts'
import { checkOrigin } from '../request_origin.ts'

const choiceBytesMax = 2048

/** A network of 256 addresses behind which as many people choose at once is rare, and a banner asks again on the next page. */
const rate = { perMinute: 20, burst: 20 }

/** Who only ever refuses is not kept from it by those who grant, nor by those who read: each has buckets of its own. */
type Limits = { readonly grants: RateLimit; readonly refusals: RateLimit; readonly proofs: RateLimit }

const choiceShape = z
  .strictObject({
    site: z.string().max(32),
    policy: z.int().min(0).max(65_535),
    choice: z.enum(['grant', 'withdraw', 'object']),
    purposes: z.array(z.enum(purposeNames)).max(purposeNames.length).default([]),
    // What the ledger may not keep becomes `other` there: a banner's name of itself is no reason to lose a choice.
    source: z.string().catch('other').default('page'),
  })
  .refine(choice => choice.choice !== 'grant' || choice.purposes.length > 0, { path: ['purposes'] })

type Choice = z.infer<typeof choiceShape>

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
  const purposes = choice.choice === 'grant' ? purposeSet(choice.purposes) : 0
  const id = await record(parts, choice, purposes, at)
  if (choice.choice === 'grant')
    sendJson(response, 201, { receipt: parts.receipts.issue(site, purposes, at), id })
  else sendJson(response, 202, { recorded: true })
}

/** zod's own messages quote keys and values of the input, so only the place is passed on, and only when it is a known one. */
function parseChoice(value: unknown): Choice {
  const parsed = choiceShape.safeParse(value)
  if (parsed.success) return parsed.data
  const key = parsed.error.issues[0]?.path[0]
  const isKnown = typeof key === 'string' && Object.hasOwn(choiceShape.shape, key)
  throw new Failure(
    'not_valid',
    isKnown ? `${key}: is missing or wrong` : 'must be an object with known keys only',
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
