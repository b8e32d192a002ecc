import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** They take longest, so they begin first: at the end the other cores would wait for them. */
const longest = [
  'kill_rounds',
  'engine_away',
  'server_mode',
  'abuse',
  'fuzz.test',
  'product.test',
  'fold/kill',
]

/** Vitest asks for a class here. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex(name => moduleId.includes(name))
      return found === -1 ? longest.length : found
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}

// Tests start real processes, browsers and database engines, so a few files run at a time and each gets time.
export default defineConfig({
  test: {
    include: ['{contract,tracker,collector,dashboard,tools,loadtest}/**/*.test.ts'],
    globalSetup: ['tools/testing/build_once.ts'],
    pool: 'forks',
    // A worker keeps the modules it has loaded for its next file: half of the CPU time of a short file was loading them.
    isolate: false,
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
