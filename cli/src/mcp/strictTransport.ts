// What both transports share. The SDK's own read with JSON.parse, which keeps the last of duplicate keys and rounds
// integers, and read without end; a catalog has to hold exactly what was sent, or nothing.
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { isJsonObject, JsonRefusal, parseStrictJson, type JsonObject } from '@cardea/schemas/json';
import { Failure } from '../frame/failure.ts';

/** All messages of one server together: as much as a catalog file may have. */
export const receivedBytesMax = 16 * 1024 * 1024;

/** Values in one message. */
const nodesMax = 4_000_000;

export abstract class StrictTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  /** Why nothing more is read, where that is the server's doing. */
  fault: Failure | undefined;
  /** What the server answered first: of `initialize` the SDK keeps only the fields that it knows. */
  firstResult: JsonObject | undefined;
  #bytesLeft = receivedBytesMax;

  abstract start(): Promise<void>;
  abstract send(message: JSONRPCMessage): Promise<void>;
  abstract close(): Promise<void>;

  /** Throws Failure past the limit. */
  protected spend(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft < 0) throw new Failure(`the server sent more than ${receivedBytesMax} bytes`);
  }

  /** Hands one message on, and says whether it answers a request. Throws Failure for what is no strict JSON. */
  protected deliver(text: Uint8Array | string): 'answer' | 'other' {
    const message = readMessage(text);
    const result = message['result'];
    if (isJsonObject(result)) this.firstResult ??= result;
    this.onmessage?.(message as unknown as JSONRPCMessage);
    return Object.hasOwn(message, 'result') || Object.hasOwn(message, 'error') ? 'answer' : 'other';
  }
}

function readMessage(text: Uint8Array | string): JsonObject {
  try {
    const message = parseStrictJson(text, { bytesMax: receivedBytesMax, nodesMax });
    if (isJsonObject(message)) return message;
  } catch (refusal) {
    if (!(refusal instanceof JsonRefusal)) throw refusal;
    throw new Failure(`a message of the server is refused: ${refusal.message}`);
  }
  throw new Failure('a message of the server is no JSON-RPC message');
}
