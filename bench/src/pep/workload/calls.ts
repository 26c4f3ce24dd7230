// The calls of the benchmark: the same for everything that is compared, and each recognisable in its answer.
import { protocolVersion, tool } from './tool.ts';

/** A call that is written down, ready to be sent. */
export interface Call {
  readonly id: number;
  /** What the echo answers. */
  readonly note: string;
  readonly body: string;
  /** Where in the body the digits of its amount begin. They are ASCII, as is everything before them. */
  readonly amountAt: number;
}

/** As many as a proxy meets again and again. */
export const hotCount = 64;

/** All amounts have as many digits, so that another one takes the same room. */
export const amountDigits = 10;

/** Amounts of calls that come again and again; `freshAmountFrom` and everything above it are for those that never do. */
const repeatedAmountFrom = 1_000_000_000;
export const freshAmountFrom = 2_000_000_000;

/** What the workload's policy permits at most: all of them. */
export const permittedAmountMax = 9_999_999_999;

export function listCalls(count = hotCount, toolName: string = tool.name): Call[] {
  return Array.from({ length: count }, (_, id) => makeCall(id, toolName));
}

function makeCall(id: number, toolName: string): Call {
  const note = `Order ${id} comes back to you within ${2 + (id % 5)} days; the parcel needs no label.`;
  const before = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${toolName}","arguments":{"amount":`;
  const after = `,"order":"O-${id}","note":${JSON.stringify(note)}}}}`;
  return { id, note, body: `${before}${repeatedAmountFrom + id}${after}`, amountAt: before.length };
}

export function writeInitialize(): string {
  const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } };
  return JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params });
}

export function writeInitialized(): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' });
}

/** What a client of that revision sends with every message. */
export function listHeaders(token: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': protocolVersion,
    authorization: `Bearer ${token}`,
  };
}
