// Opens the database that the environment names: a server when it has a URL, else the embedded engine in the data
// directory.

import { join } from 'node:path'
import type { Settings } from '../config/config.ts'
import { openEmbeddedStore } from './embedded_store.ts'
import { openServerStore } from './server_store.ts'
import type { Store } from './store.ts'

export type StoreSettings = Pick<
  Settings,
  'dataDirectory' | 'clickhouseUrl' | 'clickhouseCa' | 'clickhouseTimeoutMs'
>

export async function openStore(settings: StoreSettings): Promise<Store> {
  return settings.clickhouseUrl === undefined
    ? await openEmbeddedStore(join(settings.dataDirectory, 'database'))
    : openServerStore(settings.clickhouseUrl, settings)
}
