import { expect, test } from 'vitest'
import { createBodyRoom } from './body_room.ts'

function roomOf(bytesMax: number) {
  const room = createBodyRoom(bytesMax)
  const cut: string[] = []
  return { room, cut, enter: (name: string) => room.enter(() => cut.push(name)) }
}

test('up to the bound every body stays', () => {
  const { room, cut, enter } = roomOf(100)
  enter('a').grow(60)
  enter('b').grow(40)
  expect(cut).toEqual([])
  expect(room.bytes()).toBe(100)
})

test('past it those go that came first, as many as it takes', () => {
  const { room, cut, enter } = roomOf(100)
  const [a, b, c] = [enter('a'), enter('b'), enter('c')]
  c.grow(10)
  b.grow(20)
  a.grow(60)
  c.grow(30)
  expect(cut).toEqual(['a'])
  expect(room.bytes()).toBe(60)
  c.grow(70)
  expect(cut).toEqual(['a', 'b', 'c'])
  expect(room.bytes()).toBe(0)
})

test('who has left gives its room back once, and takes none any more', () => {
  const { room, cut, enter } = roomOf(100)
  const a = enter('a')
  a.grow(90)
  a.leave()
  a.leave()
  a.grow(90)
  enter('b').grow(100)
  expect(cut).toEqual([])
  expect(room.bytes()).toBe(100)
})
