// Standard Base64 (RFC 4648, 4) in its one spelling: node's decoder skips what it does not know, and two texts that
// decode alike would be two notes with one signature.

/** Undefined for anything that `toString('base64')` would not have written. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined;
}
