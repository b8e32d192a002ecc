// Tells words that a machine drew (tokens, keys, session ids, hashes) from words that people wrote. A word of letters and
// digits that keeps changing between them, or between cases, was drawn; so was one that nobody could say, because vowels
// are rare where letters are drawn. A slug changes at its hyphens. In doubt it was drawn: a path that reads `:token` loses
// a line of a report, a token in a report loses an account.
// The thresholds are held by looks_random.test.ts: of random words of 80 bits and more at least 99 in 100 are found.

/** Longer than any word of a language that a URL has been seen with, and than any name of a product. */
const wordLettersMax = 39

/** `word` is a run of letters, digits and the marks that tokens use (- _ . ~ + = %). */
export function looksRandom(word: string): boolean {
  if (word.length < 10) return false
  if (word.startsWith('eyJ') && word.length >= 16) return true
  const pieces = word.split(/[^A-Za-z0-9]+/)
  return pieces.some(isRandomPiece) || isRandomWhole(pieces)
}

/** One run of letters and digits, without marks. */
function isRandomPiece(piece: string): boolean {
  const { length } = piece
  if (length < 10) return false
  const { changes, consonants, digits, lower, upper } = shapeOf(piece)
  const letters = lower + upper
  if (letters === 0) return false
  if (length > wordLettersMax) return true
  if (digits === 0) return isDrawnOfLetters(length, changes, consonants, lower, upper)
  if (length >= 12 && digits >= 3 && letters >= 3 && /^[0-9a-f]+$/i.test(piece)) return true
  if (length >= 16 && (lower === 0 || changes >= 5 || consonants >= 5)) return true
  return changes / (length - 1) >= 0.3 && changes >= 4
}

function isDrawnOfLetters(
  length: number,
  changes: number,
  consonants: number,
  lower: number,
  upper: number,
): boolean {
  return length >= 16 && lower >= 4 && upper >= 4 && (changes / length >= 0.3 || consonants >= 7)
}

/**
 * base64url: its marks cut it into pieces too short to judge, so they are judged together. Within the pieces of a slug
 * hardly anything changes, however many there are; a run of consonants counts only where there are few.
 */
function isRandomWhole(pieces: readonly string[]): boolean {
  const shapes = pieces.map(shapeOf)
  const sum = (of: (shape: Shape) => number) => shapes.reduce((total, shape) => total + of(shape), 0)
  const length = sum(shape => shape.digits + shape.lower + shape.upper)
  if (length < 16 || sum(shape => shape.lower) < 3 || sum(shape => shape.upper) < 3) return false
  if (sum(shape => shape.changes) / length >= 0.22) return true
  if (sum(shape => shape.digits) === 0) return false
  return pieces.length <= 2 + length / 12 && shapes.some(shape => shape.consonants >= 5)
}

type Shape = {
  /** Changes between digits, small letters and capitals. */
  changes: number
  /** The longest run of consonants; 5 in `lengths`. */
  consonants: number
  digits: number
  lower: number
  upper: number
}

/** A capital before small letters is one change, not two, as in camelCase. */
function shapeOf(text: string): Shape {
  const shape: Shape = { changes: 0, consonants: 0, digits: 0, lower: 0, upper: 0 }
  let before = ''
  let runLength = 0
  let consonants = 0
  for (const character of text) {
    const now = classOf(character)
    shape[now]++
    consonants = now === 'digits' || vowels.includes(character) ? 0 : consonants + 1
    shape.consonants = Math.max(shape.consonants, consonants)
    if (before === now) {
      runLength++
    } else {
      const isCapitalised = before === 'upper' && now === 'lower' && runLength === 1
      if (before !== '' && !isCapitalised) shape.changes++
      before = now
      runLength = 1
    }
  }
  return shape
}

const vowels = 'aeiouyAEIOUY'

function classOf(character: string): 'digits' | 'lower' | 'upper' {
  if (character >= '0' && character <= '9') return 'digits'
  return character >= 'A' && character <= 'Z' ? 'upper' : 'lower'
}
