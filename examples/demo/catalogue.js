// Shows the kites of one page of the catalogue: `?page=2` is the second six. Without a script all twelve are shown.

const perPage = 6
const cards = [...document.querySelectorAll('#kites > li')]
const pageCount = Math.ceil(cards.length / perPage)
const asked = Number(new URLSearchParams(location.search).get('page')) || 1
const current = Math.min(Math.max(Math.trunc(asked), 1), pageCount)

for (const [index, card] of cards.entries()) card.hidden = Math.ceil((index + 1) / perPage) !== current

function pageLink(number) {
  const link = document.createElement('a')
  link.href = number === 1 ? '/demo/catalogue/' : `/demo/catalogue/?page=${number}`
  link.textContent = String(number)
  link.setAttribute('aria-label', `Page ${number} of ${pageCount}`)
  link.dataset.lf = `catalogue-page-${number}`
  if (number === current) link.setAttribute('aria-current', 'page')
  return link
}

const pages = document.getElementById('pages')
for (let number = 1; number <= pageCount; number++) pages.append(pageLink(number))
pages.hidden = false
if (current > 1) document.title = `Page ${current} · ${document.title}`
