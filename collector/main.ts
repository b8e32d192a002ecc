#!/usr/bin/env node
// The command `lightfoot`.

import { runCommand } from './commands/run_command.ts'

process.exitCode = await runCommand(process.argv)
