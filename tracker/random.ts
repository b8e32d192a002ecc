// Ids of pages (64 bits), batches and visitors (128 bits), in base64url without padding.

/** 8 bytes give 11 characters, 16 bytes 22. */
export function randomId(bytes: number): string {
  const random = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes)))
  return btoa(random).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}
