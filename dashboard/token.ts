// The token of the private listener, where one is configured: asked for once in a tab, kept until the tab is closed.

import { byId } from './element.ts'

const key = 'lightfoot-token'
// sessionStorage throws where a browser refuses all storage; the variable then serves until the page is left.
let remembered: string | undefined

export function token(): string | undefined {
  if (remembered !== undefined) return remembered
  try {
    return sessionStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

/** Resolves once a token was given; the dialog cannot be dismissed without one, as nothing works before. */
export function askToken(): Promise<void> {
  const dialog = byId('token', HTMLDialogElement)
  const input = byId('token-value', HTMLInputElement)
  input.value = ''
  dialog.addEventListener('cancel', event => event.preventDefault())
  dialog.showModal()
  return new Promise(resolve => {
    const taken = () => {
      remembered = input.value
      try {
        sessionStorage.setItem(key, input.value)
      } catch {
        // The variable has it.
      }
      resolve()
    }
    dialog.addEventListener('close', taken, { once: true })
  })
}
