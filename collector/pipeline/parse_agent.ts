// The user agent as families: browser, system, class of device. ua-parser-js takes about 14 µs, and few strings make most
// of the traffic, so results are kept. What is kept stays in this process's memory and is bounded.

import { isbot } from 'isbot'
import { LRUCache } from 'lru-cache'
import { UAParser } from 'ua-parser-js'
import { browserNames, systemNames } from './agent_names.ts'
import type { Agent } from './stages.ts'

const agentsMax = 2000

/** What browsers send is far shorter; what is longer is parsed by its beginning only. */
const userAgentMax = 512

export function createParseAgent(): (userAgent: string) => Agent {
  const agents = new LRUCache<string, Agent>({ max: agentsMax })
  return userAgent => {
    const text = userAgent.slice(0, userAgentMax)
    const known = agents.get(text)
    if (known !== undefined) return known
    const agent = parseAgent(text)
    agents.set(text, agent)
    return agent
  }
}

export function parseAgent(userAgent: string): Agent {
  const { browser, device, os } = UAParser(userAgent)
  return {
    browser: familyOf(browser.name, browserNames),
    browserVersion: majorOf(browser.version),
    system: familyOf(os.name, systemNames),
    systemVersion: majorOf(os.version),
    device: deviceClass(device.type, os.name),
    isBot: isbot(userAgent),
  }
}

/**
 * Only names of a closed list: the parser hands some parts of the user agent through as they came, and a column of names
 * that clients make up would neither stay small nor stay anonymous.
 */
function familyOf(name: string | undefined, names: readonly string[]): string {
  if (name === undefined) return ''
  return names.includes(name) ? name : 'Other'
}

/** `120.0.6099.71 → 120`, `XP → XP`; anything longer would be a serial number. */
function majorOf(version: string | undefined): string {
  return version === undefined ? '' : (/^(?:\d{1,4}|XP|Vista|ME|NT)(?=[.\s]|$)/.exec(version)?.[0] ?? '')
}

/** desktop, mobile, tablet, other; '' when the user agent does not say enough. */
function deviceClass(type: string | undefined, system: string | undefined): string {
  if (type === 'mobile' || type === 'tablet') return type
  if (type !== undefined) return 'other'
  return system === undefined ? '' : 'desktop'
}
