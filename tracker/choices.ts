// `lightfoot.consent`: a page's banner, or the site's consent platform, says here what its visitor chose. A withdrawal and
// an objection stop everything before the collector is told, so they need nothing that would have to be loaded; nor does a
// choice that is known already. Recording a grant is a file of its own.

import type { Choice, Status } from './api.ts'
import { request, silence } from './delivery.ts'
import { consent, granted, isRefused, platform, settle } from './gate.ts'
import { guard, later } from './guard.ts'
import { load } from './load_sibling.ts'
import { page } from './page.ts'
import type { Restart } from './pageview.ts'
import type { Host, Told } from './parts.ts'
import { data, isSilent, policy } from './settings.ts'
import { forgetGrant, isObjected, objectionSeconds, readGrant, writeObjection } from './storage.ts'

type Begin = (restart?: Restart) => void

/** A choice that is still under way counts only while no other was made. */
let turn = 0

// Pure: the core is built without it.
export const status = /* @__PURE__ */ guard((): Status => {
  const level = consent?.level ?? (isObjected() ? 'objected' : 'none')
  const purposes = IS_CORE ? [] : PURPOSES.filter((_, bit) => granted(1 << bit))
  return { level, purposes, policy }
})

/** A purpose that is not granted any more ends here, whatever becomes of the rest. */
const newChoice = (purposes: number): Host => {
  const known: Host['known'] = readGrant() ?? {}
  if ((known.purposes as number) & ~purposes) stop()
  const mine = ++turn
  return { known, tell, isOpen: () => mine === turn && !isRefused() }
}

export const choose =
  (begin: Begin) =>
  async (choice: Choice): Promise<void> => {
    let purposes = 0
    PURPOSES.forEach((name, bit) => {
      purposes |= +choice.purposes.includes(name) << bit
    })
    const host = newChoice(purposes)
    const { known } = host
    // Where there is a consent platform, it grants and nobody else.
    if (data.tcf) return
    if ((known.purposes ?? 0) !== purposes) {
      if (!purposes) await tell({ choice: 'withdraw' })
      else if (await load('consent', ({ set }) => set(host, purposes, choice))) begin('consent')
      // Banners say on every page what is known already. It may have been said on another page. A page that has ended, by a refusal of
      // the collector too, does not begin again by it.
    } else if (known.receipt !== consent?.receipt && (consent || !page)) begin('consent')
  }

/** Until the platform has answered, the page is in no state at all: at most three seconds, then as without a choice. */
export const askPlatform = (begin: Begin): void => {
  const answerMsMax = 3000
  const map = data.tcf
  if (!map || isRefused()) return
  const answered = (answer: string) => {
    const isFirst = platform === undefined
    settle(answer)
    // Who refuses on a page that has begun has ended it.
    if (answer || isFirst) begin(isFirst ? undefined : 'consent')
  }
  later(() => platform ?? answered(''), answerMsMax)
  load('consent', ({ follow }) => follow(map, newChoice, answered))
}

export const withdraw = async (): Promise<void> => {
  const grant = readGrant()
  stop()
  if (grant) await tell({ choice: 'withdraw' })
}

/** One request without ids, one cookie. Never rejects. */
export const object = async (): Promise<void> => {
  try {
    stop()
    if (isSilent || isObjected()) return
    writeObjection(objectionSeconds)
    await tell({ choice: 'object' })
  } catch {}
}

/** “Do not count me”: a page of the site opened with `#lightfoot-off`, and `#lightfoot-on` to take it back. */
export const obeyHash = (): void => {
  const { hash } = location
  if (isSilent || !/^#lightfoot-o(n|ff)$/.test(hash)) return
  if (hash === '#lightfoot-on') writeObjection(0)
  else object()
  load('consent', ({ notice }) => notice())
}

const stop = (): void => {
  silence()
  if (!IS_CORE) {
    turn++
    forgetGrant()
  }
}

const tell = (choice: Told): Promise<Response> => {
  return request('/v1/consent', JSON.stringify({ site: data.site, policy, ...choice }))
}
