// What the site's owner wrote on the script element, or gave to `init`. Nothing is asked of a server before the first decision.

export let data: DOMStringMap = {}
/** Version of the site's policy, which a choice is bound to. */
export let policy: number
/** An incomplete snippet; files and frames without an address; the developer's own machine, unless `data-local`. */
export let isSilent = true

/** Where the tracker's files are, this one's own address. */
let base: string

export const configure = (attributes: DOMStringMap, source: string): void => {
  data = attributes
  base = source
  policy = +(data.policy as string)
  isSilent =
    !data.site ||
    !policy ||
    !location.host ||
    (data.local === undefined && /localhost$|^127[\d.]+$|^\[::1]$/.test(location.hostname))
}

/** As a script element; throws where there is none. A module script has no currentScript. */
export const configureByScript = (): void => {
  const { dataset, src } = (document.currentScript ??
    document.querySelector('script[data-site]')) as HTMLScriptElement
  configure(dataset, src)
}

/** The collector is where the script came from, unless `data-collector` says otherwise. */
export const endpoint = (path: string): string => {
  return (data.collector ?? new URL(base).origin) + path
}

/** Another file of the tracker lies beside this one. */
export const sibling = (file: string): string => new URL(file, base).href

/** `data-hash`: pages are told apart by the path in the fragment, `/app#/orders/3`. */
export const isHashRouted = (): boolean => !IS_CORE && data.hash !== undefined

/**
 * `data-exclude="/admin/* /drafts/*"`: no page of these paths is told of. A star stands for anything, `/admin/*` covers
 * `/admin` too, upper and lower case are the same: all as in the collector's own patterns. Throws for a path that is not
 * UTF-8: such a page is not told of.
 */
export const isExcluded = (path: string): boolean => {
  const patterns = data.exclude
    ?.replace(/[^\w\s,*]/g, '\\$&')
    .replace(/(\\\/)?\*/g, '($1.*)?')
    .replace(/[\s,]+/g, '|')
  return !!patterns && new RegExp(`^(${patterns})$`, 'i').test(decodeURI(path))
}
