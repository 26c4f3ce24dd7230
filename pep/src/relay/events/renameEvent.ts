// Another id for an event: every other byte of it stays.

const idLine = /(^|[\r\n])id(?::[^\r\n]*)?(?=[\r\n]|$)/g;

/** Of several ids the last one counts: all of them say the same afterwards. */
export function renameEvent(raw: Buffer, id: string): Buffer {
  const text = raw.toString('latin1').replace(idLine, (_, before: string) => `${before}id: ${id}`);
  return Buffer.from(text, 'latin1');
}
