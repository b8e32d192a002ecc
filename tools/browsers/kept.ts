// What a page may leave in its browser, as the page can look for it.

/** Every kind of storage that a page can write. */
export const kept = `(async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name) : [],
  caches: await caches.keys(),
  cookie: document.cookie,
}))()`

export const nothing = { local: [], session: [], databases: [], caches: [], cookie: '' }

/** In a row, where the visitor has no id of the site's own. */
export const noIdentity = '00000000-0000-0000-0000-000000000000'
