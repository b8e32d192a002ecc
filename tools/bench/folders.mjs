// Folders of a run, removed at its end however it ends; they lie where TMPDIR says.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const folders = new Set()

export function makeFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lightfoot-bench-'))
  folders.add(folder)
  return folder
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  folders.delete(folder)
}

export function removeFolders() {
  for (const folder of folders) removeFolder(folder)
}
