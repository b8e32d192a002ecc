// How /privacy looks: like the dashboard, in light and dark. It stands in the page itself, whose policy names its hash.

export const privacyStyle = `
:root { color-scheme: light dark; --edge: light-dark(#d9deda, #333c40); --soft: light-dark(#55625e, #a5b2ae);
  --sheet: light-dark(#fff, #1c2225); --link: light-dark(#0d5f55, #74d3c2) }
body { margin: 0; background: light-dark(#f5f6f4, #14181a); color: light-dark(#1b2422, #e7ecea);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
main { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; overflow-wrap: break-word }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.25; letter-spacing: -.01em }
h2 { margin: 0 0 .25rem; font-size: 1.4rem }
h3 { margin: 2rem 0 .4rem; font-size: 1.08rem }
p, ul { margin: .4rem 0 }
ul { padding-left: 1.2rem }
li { margin: .25rem 0 }
a { color: var(--link) }
.lead { font-size: 1.08rem }
.soft { color: var(--soft); font-size: .9375rem }
section { margin-top: 2rem; padding: 1.5rem 1.6rem; border: 1px solid var(--edge); border-radius: 12px; background: var(--sheet) }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; line-height: 1.45 }
th, td { padding: .45rem .8rem .45rem 0; border-bottom: 1px solid var(--edge); text-align: left; vertical-align: top }
thead th { color: var(--soft); font-size: .8125rem }
tbody th { font-weight: 500 }
tbody tr:last-child > * { border-bottom: 0 }
.none { color: var(--soft) }
@media (max-width: 40rem) {
  main { padding: 1.5rem 1rem 3rem }
  section { padding: 1.1rem 1rem }
  .fields thead { position: absolute; clip-path: inset(50%) }
  .fields, .fields tbody, .fields tr, .fields tbody :is(th, td) { display: block }
  .fields tr { padding: .5rem 0; border-bottom: 1px solid var(--edge) }
  .fields tbody :is(th, td) { padding: 0; border: 0 }
  .fields tbody th { font-weight: 600 }
  .fields td::before { content: attr(data-label) ": "; color: var(--soft) }
}
`
