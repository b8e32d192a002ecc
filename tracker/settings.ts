// What the site's owner wrote on the script element. Nothing is asked of a server before the first decision.

// A module script has no currentScript.
const script = (document.currentScript ??
  document.querySelector('script[data-site]')) as HTMLScriptElement | null

export const data: DOMStringMap = script?.dataset ?? {}

export const policy = Number(data.policy)

/** An incomplete snippet; files and frames without an address; the developer's own machine, unless `data-local`. */
export const isSilent: boolean =
  !data.site ||
  !policy ||
  !location.host ||
  (data.local === undefined && /^(localhost|127\..*|\[::1])$/.test(location.hostname))

/** The collector is where the script came from, unless `data-collector` says otherwise. */
export const endpoint = (path: string): string => {
  return (data.collector ?? new URL(script?.src ?? '').origin) + path
}
