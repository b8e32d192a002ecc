// Ids of pages (64 bits), batches and visitors (128 bits), in letters and digits: base64url without its two signs.

/** 11 characters hold 65 bits, 22 hold 131. Of the 43 made here, one or two are signs and fall out. */
export const randomId = (length: number): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
    .replace(/\W/g, '')
    .slice(0, length)
