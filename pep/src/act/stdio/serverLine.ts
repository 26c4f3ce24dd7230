// One line of a process: what kind of message it is, so that it finds whom it is for. What it says is judged by the relay,
// which reads the same bytes as strictly.
import { Refusal } from '@cardea/schemas/codes';
import { parseStrictJson, type JsonValue } from '@cardea/schemas/json';
import { idKey, type RpcNotification, type RpcRequest, type RpcResponse } from '../../admit/message.ts';
import { readEnvelope } from '../../relay/frames/envelope.ts';
import { toOneLine } from './oneLine.ts';

export type ServerLine = { readonly bytes: Buffer } & (
  | RpcResponse
  | RpcRequest
  | RpcNotification
  /** Answers in one array, by the keys of their ids. */
  | { readonly kind: 'answers'; readonly keys: readonly string[] }
);

const depthMax = 128;
const nodesMax = 500_000;

/** Undefined for what is no message. */
export function readServerLine(line: Buffer): ServerLine | undefined {
  const value = readValue(line);
  if (value === undefined) return undefined;
  const bytes = toOneLine(line);
  if (Array.isArray(value)) return readAnswers(value as readonly JsonValue[], bytes);
  const envelope = readEnvelope(value);
  if (envelope.kind === 'complaint' || envelope.kind === 'unclear') return undefined;
  return { ...envelope, bytes };
}

const openBrace = 0x7b;
const openBracket = 0x5b;

function readValue(line: Buffer): JsonValue | undefined {
  // Most of what is no message shows it at once.
  if (line[0] !== openBrace && line[0] !== openBracket) return undefined;
  try {
    return parseStrictJson(line, { bytesMax: line.length + 1, depthMax, nodesMax, numbers: 'any' });
  } catch (fault) {
    if (fault instanceof Refusal) return undefined;
    throw fault;
  }
}

function readAnswers(values: readonly JsonValue[], bytes: Buffer): ServerLine | undefined {
  const keys = values.flatMap((value) => {
    const envelope = readEnvelope(value);
    return envelope.kind === 'response' ? [idKey(envelope.id)] : [];
  });
  return keys.length === values.length && keys.length > 0 ? { kind: 'answers', keys, bytes } : undefined;
}
