// One trick: a call of which policy and server, or two readers of one text, might think differently, and what comes of it.
import type { Code } from '@cardea/schemas/codes';
import type { ServerId } from '../governed.ts';

export interface Trick {
  readonly name: string;
  readonly server: ServerId;
  /** Texts, in which `ROOT` and `PAGE` stand for those of the grounds, and bytes. */
  readonly body: readonly (string | Uint8Array)[];
  /** What is allowed reaches the server byte by byte. */
  readonly wanted: 'allowed' | Code;
  /** In the answer of the server, where the same bytes are sent around the proxy: the trick works there. */
  readonly bites?: RegExp;
}

/** Arguments as a fragment of JSON. */
export type MakeTrick = (
  name: string,
  args: string | readonly (string | Uint8Array)[],
  wanted: Trick['wanted'],
  bites?: RegExp,
) => Trick;

export function tricksOn(server: ServerId, tool: string): MakeTrick {
  return (name, args, wanted, bites) => {
    const [before, after] = callAround(tool);
    const body = [before, ...(typeof args === 'string' ? [args] : args), after];
    return { name, server, body, wanted, ...(bites && { bites }) };
  };
}

/** What stands before the arguments of a call, and behind them. */
export function callAround(tool: string): readonly [string, string] {
  return [
    `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":${JSON.stringify(tool)},"arguments":`,
    '}}',
  ];
}
