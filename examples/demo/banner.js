// The consent banner of the demo site, in the site's own style. It speaks to Lightfoot through window.lightfoot.consent
// only, and keeps nothing itself: whether a visitor has answered is what consent.status() says.

const offered = [
  ['statistics', 'Statistics', 'Which pages are read, for how long, and on which kind of device.'],
  ['behaviour', 'Behaviour', 'What is searched for and clicked, and how far pages are scrolled.'],
  ['performance', 'Performance', 'How fast pages load, and what fails while they do.'],
]

const consent = window.lightfoot?.consent
/** The policy that the visitor answers to is the one that the snippet names. */
const policy = Number(document.querySelector('script[data-site]')?.dataset.policy)

let banner
let opener

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

function button(text, name, act) {
  const made = element('button', { type: 'button', className: 'button', textContent: text })
  made.dataset.lf = name
  made.addEventListener('click', act)
  return made
}

function close(message) {
  banner.replaceChildren(element('p', { role: 'status', textContent: message }))
  const closing = banner
  banner = undefined
  setTimeout(() => closing.remove(), 2500)
  if (opener) opener.focus()
}

async function answer(act, message) {
  for (const each of banner.querySelectorAll('button')) each.disabled = true
  try {
    await act()
    close(message)
  } catch {
    for (const each of banner.querySelectorAll('button')) each.disabled = false
    banner.querySelector('[role=status]').textContent = 'That could not be recorded. Please try again.'
  }
}

/** A grant without a receipt was not recorded. To grant nothing leaves the anonymous counts. */
const grant = purposes => async () => {
  await consent.set({ purposes, policy, source: 'banner' })
  if (purposes.length > 0 && consent.status().level !== 'granted') throw new Error('no receipt')
}

function choiceButtons() {
  const all = offered.map(([purpose]) => purpose)
  return element(
    'div',
    { className: 'choices' },
    button('Accept', 'consent-accept', () =>
      answer(grant(all), 'Thank you. You can change this in “Privacy choices”.'),
    ),
    button('Only essentials', 'consent-essentials', () => answer(grant([]), 'Only anonymous counts, then.')),
    button('Do not count me', 'consent-object', () =>
      answer(() => consent.object(), 'You are not counted any more.'),
    ),
    button('Choose…', 'consent-choose', showPurposes),
  )
}

function showPurposes() {
  const set = element(
    'fieldset',
    {},
    element('legend', { textContent: 'You may count, beside what is anonymous:' }),
  )
  for (const [purpose, name, words] of offered) {
    const box = element('input', { type: 'checkbox', name: purpose, checked: granted().includes(purpose) })
    const text = element('span', {}, element('strong', { textContent: name }), `: ${words}`)
    set.append(element('label', {}, box, text))
  }
  const save = button('Save my choice', 'consent-save', () => {
    const chosen = [...set.querySelectorAll('input:checked')].map(box => box.name)
    answer(grant(chosen), 'Thank you. You can change this in “Privacy choices”.')
  })
  const back = button('Back', 'consent-back', () => {
    set.remove()
    save.parentElement.replaceWith(choiceButtons())
    banner.querySelector('.choices button:last-child').focus()
  })
  banner.querySelector('.choices').replaceWith(set, element('div', { className: 'choices' }, save, back))
  set.querySelector('input').focus()
}

/** A grant and an objection are known to Lightfoot. */
function hasAnswered() {
  return ['granted', 'objected'].includes(consent.status().level)
}

/** Purposes that the visitor has granted before. */
function granted() {
  return consent.status().purposes
}

function choiceText() {
  const more = element('a', { href: '/privacy', textContent: 'What this site counts' })
  const text = 'Without your answer we count visits anonymously and keep nothing on your device. '
  return [element('p', {}, text, more), choiceButtons()]
}

/** An objection holds: no banner takes it back, so there is nothing to choose. */
function objectionText() {
  const text =
    'The cookie lightfoot_off says so to this site, and is all that we keep. Delete it to be asked again.'
  const choices = element('div', { className: 'choices' }, button('Close', 'consent-close', dismiss))
  return [element('p', { textContent: text }), choices]
}

function dismiss() {
  banner.remove()
  banner = undefined
  if (opener) opener.focus()
}

function open() {
  if (banner) return
  const isObjected = consent.status().level === 'objected'
  const title = isObjected ? 'You are not counted' : 'May we count your visit?'
  banner = element(
    'section',
    { className: 'privacy-banner' },
    element('h2', { id: 'privacy-heading', textContent: title, tabIndex: -1 }),
    ...(isObjected ? objectionText() : choiceText()),
    element('p', { role: 'status', className: 'failed' }),
  )
  banner.setAttribute('aria-labelledby', 'privacy-heading')
  banner.addEventListener('keydown', event => {
    if (event.key === 'Escape') dismiss()
  })
  document.body.append(banner)
}

/** In place of the footer's link to /privacy, which serves those without scripts. */
function choicesButton(text) {
  const made = element('button', { type: 'button', className: 'as-link', textContent: text })
  made.addEventListener('click', () => {
    opener = made
    open()
    document.getElementById('privacy-heading').focus()
  })
  return made
}

if (consent) {
  for (const link of document.querySelectorAll('[data-privacy-choices]'))
    link.replaceWith(choicesButton(link.textContent))
  // A visitor who takes only the essentials leaves nothing on the device, so the next page cannot know of it. Asking on
  // entering the site only, and not on each page, needs no memory.
  const cameFromThisSite = document.referrer.startsWith(`${location.origin}/`)
  if (!hasAnswered() && !cameFromThisSite) open()
}
