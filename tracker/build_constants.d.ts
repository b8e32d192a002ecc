// What tools/tracker_build.mjs puts in from the contract while it bundles, and what TypeScript's DOM does not know yet.

/** The bit of the purpose that opens each field of the consent matrix; 0 where no purpose opens more. */
declare const PURPOSE_OF: Record<import('../contract/matrix.ts').Field, number>
/** The names of the purposes; the index is the bit. */
declare const PURPOSES: import('../contract/purposes.ts').Purpose[]
/** While lightfoot.core.js is built. */
declare const IS_CORE: boolean
declare const LIMIT: typeof import('../contract/limits.ts').limits

interface Document {
  readonly prerendering?: boolean
}
interface Navigator {
  readonly globalPrivacyControl?: boolean
  readonly doNotTrack?: string | null
}
interface PerformanceNavigationTiming {
  /** When a prerendered page was shown; 0 for all others. Chromium only. */
  readonly activationStart?: number
}
