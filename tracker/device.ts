// What is said of the device: its screen's width (the collector keeps the bucket) and its language, before consent the width's class and the primary tag.
// Nothing else: what no report needs would only tell devices apart.

import { allowed, granted } from './gate.ts'

export const device = () => {
  const { language } = navigator
  const { width } = screen
  const spoken = granted(PURPOSE_OF.language)
    ? language?.slice(0, LIMIT.languageMax)
    : language?.split('-')[0]
  // A class is told by a width that is in it; see screenClassOf in contract/steps.ts.
  const told = granted(PURPOSE_OF.screen) ? width : width < 600 ? 320 : width < 1200 ? 600 : 1200
  return {
    screen: allowed(PURPOSE_OF.screen) ? [told, 0] : undefined,
    language: allowed(PURPOSE_OF.language) ? spoken : undefined,
  }
}
