// Calls come from an import on the private listener; a browser that sends one is not believed.

import { type Draft, keepOnly } from './draft.ts'

export function dropServerOnly(draft: Draft): void {
  if (draft.received.channel !== 'import') keepOnly(draft, 'server_only', event => event.type !== 'call')
}
