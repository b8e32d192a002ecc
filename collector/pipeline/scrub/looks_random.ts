// Tells words that a machine drew (tokens, keys, session ids, hashes) from words that people wrote. A word of letters and
// digits that keeps changing between them, or between cases, was drawn; a slug changes at its hyphens. In doubt it was
// drawn: a path that reads `:token` loses a report line, a token in a report loses an account.
// The thresholds are held by looks_random.test.ts: of random words of 80 bits and more it finds at least 99 in 100.

const tokenLettersMin = 40

/** `word` is a run of letters, digits and the marks that tokens use (- _ . ~ + = %). */
export function looksRandom(word: string): boolean {
  if (word.length < 10) return false
  if (word.startsWith('eyJ') && word.length >= 16) return true
  const pieces = word.split(/[^\p{L}\p{N}]+/u)
  return pieces.some(isRandomPiece) || isRandomWhole(pieces.join(''), pieces.length)
}

/** One run of letters and digits, without marks. */
function isRandomPiece(piece: string): boolean {
  const { length } = piece
  if (length < 10) return false
  const { changes, digits, lower, upper } = shapeOf(piece)
  const letters = lower + upper
  if (letters === 0) return false
  if (length >= tokenLettersMin) return true
  if (digits === 0) return length >= 16 && upper >= 4 && lower >= 4 && changes / length >= 0.3
  if (length >= 12 && digits >= 3 && letters >= 3 && /^[0-9a-f]+$/i.test(piece)) return true
  if (length >= 32) return true
  if (length >= 16 && digits >= 2 && (lower === 0 || changes >= 5) && changes >= 3) return true
  return changes / (length - 1) >= 0.3 && changes >= 4
}

/** base64url: its marks cut it into pieces too short to judge, so the pieces are judged together. */
function isRandomWhole(whole: string, pieceCount: number): boolean {
  if (whole.length < 16 || pieceCount > 1 + whole.length / 5) return false
  const { changes, digits, lower, upper } = shapeOf(whole)
  return digits >= 1 && lower >= 3 && upper >= 3 && changes / whole.length >= 0.34
}

type Shape = { changes: number; digits: number; lower: number; upper: number }

/** Counts changes of class; a capital before small letters is one change, not two, as in camelCase. */
function shapeOf(text: string): Shape {
  const shape: Shape = { changes: 0, digits: 0, lower: 0, upper: 0 }
  let before = ''
  let runLength = 0
  for (const character of text) {
    const now = classOf(character)
    shape[now]++
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

function classOf(character: string): 'digits' | 'lower' | 'upper' {
  if (character >= '0' && character <= '9') return 'digits'
  return character >= 'A' && character <= 'Z' ? 'upper' : 'lower'
}
