// Loads a part of the tracker from beside the script.

import type { LoadPart } from './parts.ts'
import { sibling } from './settings.ts'

export const loadSibling: LoadPart = name => import(sibling(`lightfoot.${name}.js`))
