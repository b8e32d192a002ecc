// The demo site as a visitor meets it: its pages (examples/demo), how long each is read, where one goes from there.

import type { Weighted } from './demo_random.ts'

export type DemoPage = {
  readonly path: string
  readonly title: string
  /** Median of the engaged time, seconds. */
  readonly readSeconds: number
  /** Tenths of the page that a median visitor sees. */
  readonly depth: number
  readonly links: readonly DemoLink[]
  /** A page without a document of its own is a client-side route. */
  readonly isRoute?: boolean
  readonly status?: number
}

/** A link within the site by its path, or what else can be clicked. `target` is the element's `data-lf`. */
export type DemoLink = Weighted & {
  readonly kind: 'internal' | 'outbound' | 'download' | 'tel' | 'mailto' | 'button' | 'form'
  readonly href: string
  readonly target: string
}

export const demoPhone = 'tel:+441632960144'
export const missingImage = '/demo/images/workbench.jpg'
export const missingPage = '/demo/repairs/prices-2019.html'
const shop = 'Marram Kite Works'
const careSheet = '/demo/files/kite-care.pdf'

/** Name, kind, and how often each is looked at. */
const kites = [
  ['lark', 'Lark, diamond kite', 9],
  ['tern', 'Tern, delta kite', 14],
  ['heron', 'Heron, rokkaku kite', 8],
  ['sandpiper', 'Sandpiper, sled kite', 5],
  ['gannet', 'Gannet, parafoil kite', 6],
  ['swift', 'Swift, two-line stunt kite', 11],
  ['harbour-box', 'Harbour Box, box kite', 4],
  ['eel', 'Eel, serpent kite', 7],
  ['wren', 'Wren, fighter kite', 3],
  ['cormorant', 'Cormorant, cody kite', 2],
  ['curlew', 'Curlew, moon kite', 3],
  ['starlings', 'Starlings, train of ten kite', 4],
] as const

export const searches = [
  { term: 'delta', results: 1, weight: 9 },
  { term: 'first kite', results: 4, weight: 7 },
  { term: 'box', results: 2, weight: 4 },
  { term: 'force 6', results: 4, weight: 3 },
  { term: 'stunt', results: 1, weight: 5 },
  { term: 'spare parts', results: 0, weight: 4 },
  { term: 'gift card', results: 0, weight: 3 },
] as const

function link(href: string, target: string, weight: number, kind: DemoLink['kind'] = 'internal'): DemoLink {
  return { kind, href, target, weight }
}

const call = (target: string, weight: number) => link(demoPhone, target, weight, 'tel')
const download = (weight: number) => link(careSheet, 'care-sheet', weight, 'download')
const outbound = (target: string, weight: number) => link('https://example.org/', target, weight, 'outbound')

const toSomeKites = (where: string, from: number, to: number, share: number) =>
  kites
    .slice(from, to)
    .map(([id, , weight]) => link(`/demo/kites/${id}.html`, `${where}-${id}`, weight * share))

const page = (
  path: string,
  title: string,
  readSeconds: number,
  depth: number,
  links: DemoLink[],
): DemoPage => ({
  path,
  title: title === '' ? `${shop}: kites made by the dunes` : `${title} · ${shop}`,
  readSeconds,
  depth,
  links,
})

const winds = [
  ['calm', 'Calm', ['wren']],
  ['gentle', 'Gentle', ['lark', 'tern', 'heron']],
  ['fresh', 'Fresh', ['gannet', 'swift', 'sandpiper']],
  ['strong', 'Strong', ['harbour-box', 'cormorant']],
] as const

const toWinds = winds.map(([id]) => link(`/demo/app/${id}/`, `wind-${id}`, id === 'gentle' ? 5 : 2))

const plainPages = [
  page('/demo/', '', 14, 6, [
    link('/demo/catalogue/', 'hero-kites', 12),
    link('/demo/app/', 'hero-wind', 4),
    link('/demo/repairs.html', 'home-repairs', 4),
    link('/demo/guide.html', 'home-guide', 5),
    link('/demo/search.html', '', 5),
    link('/demo/contact.html', 'sunday-contact', 2),
    outbound('home-fields', 1.5),
    call('footer-phone', 0.5),
    ...toSomeKites('home', 1, 3, 0.4),
  ]),
  page('/demo/catalogue/', 'Kites', 22, 8, [
    link('/demo/catalogue/?page=2', 'catalogue-page-2', 20),
    link('/demo/search.html', '', 4),
    ...toSomeKites('catalogue', 0, 6, 1),
  ]),
  page('/demo/catalogue/?page=2', 'Page 2 · Kites', 18, 8, [
    link('/demo/catalogue/', 'catalogue-page-1', 5),
    ...toSomeKites('catalogue', 6, 12, 1),
  ]),
  page('/demo/search.html', 'Search', 9, 10, toSomeKites('search', 0, 6, 1)),
  page('/demo/repairs.html', 'Repairs', 35, 8, [
    call('repairs-phone', 6),
    link('/demo/contact.html', 'repairs-contact', 7),
    download(4),
    link(missingPage, 'old-prices', 4),
  ]),
  page('/demo/guide.html', 'How to read the wind', 150, 7, [
    link('/demo/app/', 'guide-finder', 6),
    link('/demo/catalogue/', '', 4),
    outbound('guide-beaufort', 4),
  ]),
  page('/demo/contact.html', 'Contact', 40, 9, [
    link('/demo/thanks.html', 'contact-form', 8, 'form'),
    call('contact-phone', 5),
    link('mailto:hello@marram.example', 'contact-mail', 3, 'mailto'),
    outbound('contact-map', 2),
  ]),
  page('/demo/thanks.html', 'Thank you', 5, 10, [link('/demo/catalogue/', '', 3)]),
  page('/demo/app/', 'Wind finder', 12, 10, toWinds),
]

const kitePages = kites.map(([id, title]) =>
  page(`/demo/kites/${id}.html`, title, 28, 7, [
    link('/demo/contact.html', 'reserve', 5),
    call('call-about-kite', 2),
    download(2),
    link('', 'colour-sea', 7, 'button'),
    link('/demo/catalogue/', '', 9),
    ...toSomeKites('also', 0, 12, 0.1),
  ]),
)

const routes = winds.map(
  ([id, title, offered]): DemoPage => ({
    ...page(`/demo/app/${id}/`, `${title} · Wind finder`, 11, 10, [
      ...toWinds.filter(({ href }) => href !== `/demo/app/${id}/`),
      ...offered.map(kite => link(`/demo/kites/${kite}.html`, `finder-${kite}`, 4)),
    ]),
    isRoute: true,
  }),
)

const broken: DemoPage = {
  ...page(missingPage, 'Page not found', 6, 10, [link('/demo/', '', 3), link('/demo/search.html', '', 2)]),
  status: 404,
}

export const demoPages: ReadonlyMap<string, DemoPage> = new Map(
  [...plainPages, ...kitePages, ...routes, broken].map(each => [each.path, each]),
)

export function demoPage(path: string): DemoPage {
  const found = demoPages.get(path)
  if (found === undefined) throw new Error(`the demo site has no page ${path}`)
  return found
}
