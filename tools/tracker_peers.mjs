// What the scripts of others weigh, bytes of brotli, as measured for the design; printed by the build and compared in docs/performance.md.

export const peers = {
  GoatCounter: 1845,
  Umami: 1941,
  Plausible: 2355,
  SimpleAnalytics: 3407,
  Rybbit: 4170,
  Cloudflare: 6135,
  Matomo: 19_064,
  Clarity: 23_655,
  PostHog: 102_457,
}

/** Whose bytes ours are to come near to, although they do more. */
export const aims = { 'lightfoot.core.js': 'Plausible', 'lightfoot.js': 'Rybbit' }
