// lightfoot init: writes lightfoot.json. What the flags do not say is asked where there is a terminal.

import { existsSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { CAC } from 'cac'
import { parseConfig } from '../config/load_config.ts'
import { readSettings } from '../config/settings.ts'
import { askMissing, type InitAnswers } from './ask_init.ts'
import { CommandError, UsageError } from './command_error.ts'
import { type Flags, listFlag, textFlag } from './flags.ts'

export function init(cli: CAC): void {
  cli
    .command('init', 'Write lightfoot.json for your site; asks what the flags do not say')
    .option('--site <id>', 'Short name of the site, as in the snippet: shop')
    .option('--origin <origin>', 'Where its pages are: https://www.example.com (may be repeated)')
    .option('--mode <mode>', 'Before a visitor has chosen: exempt (anonymous counting) or strict (nothing)')
    .option('--name <name>', 'Name of the site for people')
    .option('--controller <name>', 'Who is responsible for the site, for /privacy')
    .option('--contact <contact>', 'Where visitors turn to, for /privacy')
    .option('--timezone <zone>', 'Days and hours of the reports, such as Europe/Bucharest')
    .option('--cookie-domain <domain>', 'Domain of the objection cookie, where the site has several hosts')
    .option('--force', 'Replace the lightfoot.json that is there')
    .example('lightfoot init')
    .example('lightfoot init --site shop --origin https://www.example.com --mode exempt')
    .action(writeConfig)
}

async function writeConfig(flags: Flags): Promise<void> {
  const { configFile, port } = readSettings(process.env)
  const shown = relative(process.cwd(), configFile) || configFile
  if (existsSync(configFile) && flags.force !== true) {
    throw new CommandError(`${shown} is there already: change it by hand, or replace it with --force`)
  }
  const answers = await askMissing(answersOf(flags))
  const text = `${JSON.stringify(configOf(answers), null, 2)}\n`
  parseConfig(text, configFile)
  writeFileSync(configFile, text)
  console.log(nextSteps(shown, answers.site, port))
}

function answersOf(flags: Flags): Partial<InitAnswers> {
  const mode = textFlag(flags, 'mode')
  if (mode !== undefined && mode !== 'exempt' && mode !== 'strict')
    throw new UsageError('--mode is exempt or strict')
  const origins = listFlag(flags, 'origin')
  const texts = {
    site: textFlag(flags, 'site'),
    mode,
    name: textFlag(flags, 'name'),
    controller: textFlag(flags, 'controller'),
    contact: textFlag(flags, 'contact'),
    timezone: textFlag(flags, 'timezone'),
    cookieDomain: textFlag(flags, 'cookieDomain'),
    origins: origins.length > 0 ? origins : undefined,
  }
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined))
}

/** Only what was said; everything else keeps its default, so that the file stays small enough to be read. */
function configOf(answers: InitAnswers): unknown {
  return {
    $schema: './node_modules/lightfoot/lightfoot.schema.json',
    controller: { name: answers.controller, contact: answers.contact },
    sites: [
      {
        id: answers.site,
        name: answers.name,
        origins: answers.origins,
        mode: answers.mode,
        policy: 1,
        timezone: answers.timezone,
        ...(answers.cookieDomain === undefined ? {} : { cookieDomain: answers.cookieDomain }),
      },
    ],
  }
}

function nextSteps(file: string, site: string, port: number): string {
  const steps = [
    ['npx lightfoot doctor', 'checks this machine'],
    ['npx lightfoot serve', `takes events on port ${port}`],
    [
      `npx lightfoot snippet --site ${site} --collector https://…`,
      'prints the line for your pages; the address is the one that browsers reach',
    ],
  ] as const
  const width = Math.max(...steps.map(([command]) => command.length))
  return [
    `Wrote ${file}. Next:`,
    '',
    ...steps.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`),
  ].join('\n')
}
