// One thing at a time: loads and folds take turns, so that no fold reads while a load writes.

export type Exclusive = <T>(task: () => Promise<T>) => Promise<T>

export function createExclusive(): Exclusive {
  let last: Promise<unknown> = Promise.resolve()
  return task => {
    const done = last.then(task)
    last = done.catch(() => {})
    return done
  }
}
