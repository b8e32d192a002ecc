// Types of page_trace.mjs for the tests that use it; the bench is JavaScript, because it runs without being compiled.

import type { CDPSession } from 'playwright-core'

export type TraceEvent = { readonly name: string }

export declare function tracePage(session: CDPSession, run: () => Promise<unknown>): Promise<TraceEvent[]>
export declare function forcedLayouts(
  events: readonly TraceEvent[],
  isOurs: (url: string) => boolean,
): { name: string; by: string }[]
export declare function scriptTasks(
  events: readonly TraceEvent[],
  isOurs: (url: string) => boolean,
): { ms: number; longTasks: number; longTasksInAll: number }
