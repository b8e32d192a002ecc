// Milliseconds of a clock that nobody sets: for pauses, pacing and the length of a life. The wall clock tells the day; one
// that is set back by three days would hold a pause of a second for three days.

export function steadyNow(): number {
  return performance.now()
}
