// What can be wrong with a note or a key, for whoever decides by code.

export type NoteCode =
  /** Not a note, or not in its one spelling. */
  | 'note_malformed'
  | 'note_too_large'
  /** No signature by a key that is known here: the text may say anything. */
  | 'note_unsigned'
  /** A known key is named, and its signature does not verify. */
  | 'note_forged'
  | 'key_malformed';

export class NoteRefusal extends Error {
  readonly code: NoteCode;

  constructor(code: NoteCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NoteRefusal';
    this.code = code;
  }
}
