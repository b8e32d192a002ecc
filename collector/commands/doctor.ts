// lightfoot doctor: looks at everything that must be right for the product to work here, one line a check.

import type { CAC } from 'cac'
import { describeSettings } from '../config/describe_settings.ts'
import { readSettings } from '../config/settings.ts'
import { dataOwner } from '../serve/data_lock.ts'
import { checkConfig } from './doctor/check_config.ts'
import { checkCountries } from './doctor/check_countries.ts'
import { checkData } from './doctor/check_data.ts'
import { checkEngine } from './doctor/check_engine.ts'
import { checkKeys } from './doctor/check_keys.ts'
import { checkMachine } from './doctor/check_machine.ts'
import { checkPorts } from './doctor/check_ports.ts'
import type { Patient } from './doctor/finding.ts'

const checks = [checkMachine, checkConfig, checkData, checkEngine, checkPorts, checkKeys, checkCountries]

export function doctor(cli: CAC): void {
  cli
    .command('doctor', 'Check configuration, data directory, database, disk, ports and keys')
    .example('lightfoot doctor')
    .action(examine)
}

async function examine(): Promise<void> {
  const settings = readSettings(process.env)
  for (const { name, value, from } of describeSettings(settings, process.env)) {
    console.log(`      ${name.padEnd(26)} ${value}${from === 'default' ? ' (default)' : ''}`)
  }
  const patient: Patient = { settings, owner: await dataOwner(settings.dataDirectory), now: Date.now() }
  let hasFailed = false
  for (const check of checks) {
    for (const { state, text } of await check(patient)) {
      console.log(`${state.padEnd(5)} ${text}`)
      hasFailed ||= state === 'fail'
    }
  }
  if (hasFailed) process.exitCode = 1
}
