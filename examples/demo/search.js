// Site search: `search.html?q=delta` looks through catalogue.json. The number of results stands in data-lf-results,
// where Lightfoot reads it, so that searches without a result are seen too.

const results = document.getElementById('results')
const query = (new URLSearchParams(location.search).get('q') ?? '').trim()

function element(name, className, text) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text) made.textContent = text
  return made
}

/** Every word of the query has to be found somewhere in the kite's text; `force 6` finds a range such as 4–6. */
function matches(kite, words) {
  const [from, to] = kite.wind.split('–').map(Number)
  const text = `${kite.name} ${kite.kind} ${kite.level} ${kite.words} kite force wind`.toLowerCase()
  return words.every(word =>
    /^\d+$/.test(word) ? Number(word) >= from && Number(word) <= to : text.includes(word),
  )
}

function resultCard(kite) {
  const item = element('li', 'card')
  const link = element('a')
  link.href = `/demo/kites/${kite.id}.html`
  link.dataset.lf = `search-${kite.id}`
  link.append(
    element('span', 'card-name', kite.name),
    element('span', 'card-kind', `${kite.kind} · force ${kite.wind}`),
    element('span', 'card-words', kite.words),
    element('span', 'card-price', `€${kite.price}`),
  )
  item.append(link)
  return item
}

function show(found) {
  const count = found.length === 1 ? '1 kite' : `${found.length} kites`
  const heading = element('h2', '', found.length === 0 ? `Nothing for “${query}”` : `${count} for “${query}”`)
  results.replaceChildren(heading)
  if (found.length === 0) {
    results.append(
      element('p', '', 'Try a kind such as “delta” or “box”, a wind such as “force 3”, or “first kite”.'),
    )
  } else {
    const list = element('ul', 'cards text-only')
    list.append(...found.map(resultCard))
    results.append(list)
  }
  results.dataset.lfResults = String(found.length)
}

async function search() {
  document.getElementById('q').value = query
  document.title = `${query} · ${document.title}`
  const response = await fetch('/demo/catalogue.json')
  const kites = await response.json()
  const words = query.toLowerCase().split(/\s+/)
  show(kites.filter(kite => matches(kite, words)))
}

if (query !== '') {
  search().catch(() => {
    results.replaceChildren(element('p', '', 'The search is out of order. The catalogue still works.'))
  })
}
