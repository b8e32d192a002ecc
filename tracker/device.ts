// What is said of the device: before consent a class of width and the language's primary tag.

import { allowed, granted } from './gate.ts'

export function device() {
  const { language } = navigator
  return {
    screen: [screen.width, screen.height],
    viewport: [innerWidth, innerHeight],
    language: granted(PURPOSE_OF.language)
      ? language
      : allowed(PURPOSE_OF.language)
        ? language.split('-')[0]
        : undefined,
  }
}
