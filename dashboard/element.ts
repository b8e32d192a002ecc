// Makes DOM elements without markup in strings: text stays text, and the page works under Trusted Types.

type Child = Node | string | undefined

/** `element('td', { class: 'number', scope: 'row' }, '12')`. An attribute that is undefined is left out. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value)
  }
  for (const child of children) {
    if (child !== undefined) made.append(child)
  }
  return made
}

/** An element that index.html is known to have. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} #${id}`)
  return found
}
