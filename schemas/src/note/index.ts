export { noteBytesMax, openNote, signaturesMax, signNote, type OpenedNote } from './note.ts';
export { NoteRefusal, type NoteCode } from './noteRefusal.ts';
export { openJson, signJson } from './signedJson.ts';
export { formatSignerKey, generateKey, parseSignerKey, type Signer } from './signerKey.ts';
export { formatVerifierKey, parseVerifierKey, type Verifier } from './verifierKey.ts';
