// Client-side routing of the wind finder: a click changes the panel and the address by history.pushState, without a
// new page. Every route is also a file of its own, so that a reload or a shared link works.

const finder = document.getElementById('finder')
const panels = [...finder.querySelectorAll('[data-route]')]
const links = [...finder.querySelectorAll('.winds a')]
const siteTitle = 'Wind finder · Marram Kite Works'

function show(path) {
  const panel = panels.find(candidate => candidate.dataset.route === path)
  if (panel === undefined) return false
  for (const other of panels) other.hidden = other !== panel
  for (const link of links) {
    if (link.pathname === path) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  const heading = panel.querySelector('h2')
  document.title = path === '/demo/app/' ? siteTitle : `${heading.textContent} · ${siteTitle}`
  return heading
}

finder.addEventListener('click', event => {
  const link = event.target.closest('.winds a')
  if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  event.preventDefault()
  if (link.pathname === location.pathname) return
  history.pushState(null, '', link.pathname)
  const heading = show(link.pathname)
  // The focus follows, so that a screen reader announces the new panel.
  if (heading) heading.focus()
})

addEventListener('popstate', () => show(location.pathname))
