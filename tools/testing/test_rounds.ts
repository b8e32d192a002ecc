// How long the long faults last. LIGHTFOOT_TEST_ROUNDS is a number of rounds, 50 where it is not set: kill_rounds.test.ts
// makes so many, and where it is less than 50 the other long tests take their short form. `.ci/run` sets 4 for the second
// Node, since the faults had their full length on the first.

export const fullRounds = 50

/** `usual`: of a test that makes another number of rounds where nothing is set. */
export function testRounds(usual = fullRounds): number {
  const given = process.env.LIGHTFOOT_TEST_ROUNDS
  if (given === undefined || given === '') return usual
  const rounds = Number(given)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error('LIGHTFOOT_TEST_ROUNDS is a whole number from 1')
  return rounds
}

/** `short` where fewer rounds than usual are wanted. */
export function fullOrShort<T>(full: T, short: T): T {
  return testRounds() < fullRounds ? short : full
}
