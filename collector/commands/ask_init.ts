// Asks for what `lightfoot init` was not told. Every question has a default where there is a sensible one; mode has none,
// because it is a decision about other people.

import { createInterface } from 'node:readline/promises'
import { UsageError } from './command_error.ts'

export type InitAnswers = {
  readonly site: string
  readonly origins: readonly string[]
  readonly mode: 'exempt' | 'strict'
  readonly name: string
  readonly controller: string
  readonly contact: string
  readonly timezone: string
  readonly cookieDomain?: string
}

type Ask = (question: string, otherwise?: string) => Promise<string>

export async function askMissing(given: Partial<InitAnswers>): Promise<InitAnswers> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return withDefaults(given)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return withDefaults(
      await askAll(
        given,
        askOn(question => terminal.question(question)),
      ),
    )
  } finally {
    terminal.close()
  }
}

/** Where nobody can be asked, what has no default must be given. */
function withDefaults(given: Partial<InitAnswers>): InitAnswers {
  const { site, origins, mode } = given
  if (site === undefined || origins === undefined || mode === undefined) {
    throw new UsageError('init needs --site, --origin and --mode where there is no terminal to ask on')
  }
  return { name: site, controller: '', contact: '', timezone: machineZone(), ...given, site, origins, mode }
}

async function askAll(given: Partial<InitAnswers>, ask: Ask): Promise<Partial<InitAnswers>> {
  const origins =
    given.origins ?? (await ask('Where are its pages (https://www.example.com)?')).split(/[\s,]+/)
  const site = given.site ?? (await ask('Short name of the site?', shortName(origins[0] ?? '')))
  return {
    ...given,
    origins,
    site,
    name: given.name ?? (await ask('Its name for people?', site)),
    mode: given.mode ?? (await askMode(ask)),
    controller: given.controller ?? (await ask('Who is responsible for it?')),
    contact: given.contact ?? (await ask('Where can visitors turn to?')),
    timezone: given.timezone ?? (await ask('Time zone of its reports?', machineZone())),
  }
}

async function askMode(ask: Ask): Promise<'exempt' | 'strict'> {
  for (;;) {
    const mode = await ask('Before a visitor has chosen: exempt (anonymous counting) or strict (nothing)?')
    if (mode === 'exempt' || mode === 'strict') return mode
  }
}

/** Asks again until there is an answer or a default. */
function askOn(question: (text: string) => Promise<string>): Ask {
  return async (text, otherwise) => {
    for (;;) {
      const answer = (await question(otherwise === undefined ? `${text} ` : `${text} [${otherwise}] `)).trim()
      if (answer !== '') return answer
      if (otherwise !== undefined) return otherwise
    }
  }
}

/** `https://www.example.com → example` */
function shortName(origin: string): string {
  const host = URL.canParse(origin) ? new URL(origin).hostname : ''
  const label = host.replace(/^www\./, '').split('.')[0] ?? ''
  return label.replace(/[^a-z0-9-]/g, '') || 'site'
}

function machineZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
