// What the site's owner wrote on the script element. Nothing is asked of a server before the first decision.

// A module script has no currentScript.
const script = (document.currentScript ??
  document.querySelector('script[data-site]')) as HTMLScriptElement | null

export const data: DOMStringMap = script?.dataset ?? {}

export const policy = Number(data.policy)

/** Pages that are no site: files, frames without an address; the developer's own machine, unless `data-local`; an
 * incomplete snippet. */
export const isSilent: boolean =
  !policy ||
  !/^http/.test(location.protocol) ||
  (data.local === undefined && /^(localhost|127\..*|\[::1])$/.test(location.hostname))

/** The collector is where the script came from, unless `data-collector` says otherwise. */
export const endpoint = (path: string): string => {
  return (data.collector ?? new URL(script?.src ?? '').origin) + path
}
