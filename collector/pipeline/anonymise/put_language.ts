// The browser's first language: `en-GB`, or `en` without a purpose. Of a longer tag only language, script and region are
// read: extensions (`-u-ca-…`, `-x-…`) are where a browser can be told from all others.

import type { BatchCells } from '../cells.ts'
import type { Context, Draft } from './context.ts'

const tag = /^([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?![a-z0-9])/i

export function putLanguage(cells: Draft<BatchCells>, { gate, permitted }: Context): void {
  const language = permitted.batch.device?.language
  if (gate.language === 'nothing' || language === undefined) return
  cells.language = languageTag(language, gate.language === 'granted')
}

/** `languageTag('ZH-hant-tw', true) → 'zh-Hant-TW'`; junk gives ''. */
export function languageTag(text: string, withRegion: boolean): string {
  const match = tag.exec(text)
  if (match === null) return ''
  const [, language = '', script, region] = match
  const primary = language.toLowerCase()
  if (!withRegion) return primary
  const parts = [primary]
  if (script !== undefined) parts.push(script.charAt(0).toUpperCase() + script.slice(1).toLowerCase())
  if (region !== undefined) parts.push(region.toUpperCase())
  return parts.join('-')
}
