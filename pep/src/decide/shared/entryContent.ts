// What is inside a sealed entry: what it is about, from when until when it holds, and what was said.
import { codes, type Code } from '@cardea/schemas/codes';
import { decodeFields, encodeFields, type Field } from '@cardea/schemas/json';
import type { SharedAnswer } from './sharedVerdicts.ts';

export interface Life {
  /** Wall clock of whoever wrote it, in milliseconds. */
  readonly issuedMs: number;
  readonly expiresMs: number;
}

export interface EntryContent<T> extends Life {
  readonly subject: Uint8Array;
  readonly value: T;
}

/** What is left of an answer beside what whoever asks knows: the bundle, and what the verdict reads. */
export type KeptAnswer = Pick<SharedAnswer, 'verdict' | 'code' | 'message' | 'reasons' | 'decisionId'>;

/** Denials that are a verdict of policies, and not of something that went wrong. */
const lastingDenials: ReadonlySet<Code> = new Set(['default_deny', 'forbidden']);

/** Holds, needs and faults are nobody's to keep. */
export function maySettle({ verdict, code }: Pick<KeptAnswer, 'verdict' | 'code'>): boolean {
  return verdict === 'allow' ? code === 'allowed' : verdict === 'deny' && lastingDenials.has(code);
}

export function writeVerdict(content: EntryContent<KeptAnswer>): Uint8Array {
  const { verdict, code, message, reasons, decisionId } = content.value;
  return writeContent(content, [
    { tag: 0, text: verdict },
    { tag: 1, text: code },
    { tag: 2, text: message },
    { tag: 3, list: reasons.map((reason): Field => ({ tag: 0, list: writeReason(reason) })) },
    { tag: 4, text: decisionId },
  ]);
}

/** Undefined for anything that `writeVerdict` does not write. */
export function readVerdict(bytes: Uint8Array): EntryContent<KeptAnswer> | undefined {
  return readContent(bytes, (fields) => {
    const [verdict, code, message, reasons, decisionId] = fields;
    const value = {
      verdict: readText(verdict) as KeptAnswer['verdict'],
      code: readText(code) as Code,
      message: readText(message),
      reasons: readList(reasons).map((reason) => readReason(readList(reason))),
      decisionId: readText(decisionId),
    };
    if (fields.length !== 5 || !Object.hasOwn(codes, value.code) || !maySettle(value)) throw malformed();
    return value;
  });
}

export function writePaths(content: EntryContent<readonly string[]>): Uint8Array {
  return writeContent(
    content,
    content.value.map((text): Field => ({ tag: 0, text })),
  );
}

export function readPathList(bytes: Uint8Array): EntryContent<readonly string[]> | undefined {
  return readContent(bytes, (fields) => fields.map(readText));
}

function writeContent({ subject, issuedMs, expiresMs }: EntryContent<unknown>, value: Field[]): Uint8Array {
  return encodeFields([
    { tag: 0, bytes: subject },
    { tag: 1, integer: issuedMs },
    { tag: 2, integer: expiresMs },
    { tag: 3, list: value },
  ]);
}

function readContent<T>(
  bytes: Uint8Array,
  readValue: (fields: readonly Field[]) => T,
): EntryContent<T> | undefined {
  try {
    const fields = decodeFields(bytes);
    const [subject, issued, expires, value] = fields;
    if (fields.length !== 4 || subject === undefined || !('bytes' in subject)) return undefined;
    return {
      subject: subject.bytes,
      issuedMs: readInteger(issued),
      expiresMs: readInteger(expires),
      value: readValue(readList(value)),
    };
  } catch {
    return undefined;
  }
}

function writeReason({ policy, effect, message }: KeptAnswer['reasons'][number]): Field[] {
  return [
    { tag: 0, text: policy },
    { tag: 1, text: effect },
    message === undefined ? { tag: 2, absent: true } : { tag: 2, text: message },
  ];
}

function readReason([policy, effect, message]: readonly Field[]): KeptAnswer['reasons'][number] {
  const reason = { policy: readText(policy), effect: readText(effect) as 'permit' | 'forbid' };
  return message !== undefined && 'absent' in message ? reason : { ...reason, message: readText(message) };
}

function readText(field: Field | undefined): string {
  if (field === undefined || !('text' in field)) throw malformed();
  return field.text;
}

function readInteger(field: Field | undefined): number {
  if (field === undefined || !('integer' in field) || typeof field.integer !== 'number') throw malformed();
  return field.integer;
}

function readList(field: Field | undefined): readonly Field[] {
  if (field === undefined || !('list' in field)) throw malformed();
  return field.list;
}

function malformed(): Error {
  return new Error('the entry is none of ours');
}
