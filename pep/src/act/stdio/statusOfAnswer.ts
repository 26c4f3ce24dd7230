// With which status of HTTP an answer comes in the era without sessions (MCP 2026-07-28, Streamable HTTP): errors of the
// protocol have one of their own, what a method itself says is an answer like any other.
import { isJsonObject } from '@cardea/schemas/json';
import { memberOf, type RpcRequest, type RpcResponse } from '../../admit/message.ts';

const invalidParams = -32_602;

const statuses: ReadonlyMap<number, number> = new Map([
  // Not a method that there is.
  [-32_601, 404],
  [-32_600, 400],
  [-32_700, 400],
  // Headers that disagree, abilities that the client lacks, a revision that the server lacks.
  [-32_020, 400],
  [-32_021, 400],
  [-32_022, 400],
]);

export function statusOfAnswer({ outcome }: RpcResponse, request: RpcRequest): number {
  if (outcome.kind === 'result') return 200;
  const code = memberOf(outcome.error, 'code') as number;
  if (code === invalidParams && !isWhole(request)) return 400;
  return statuses.get(code) ?? 200;
}

/** Whether the request says what every request has to say of its client. */
function isWhole({ params }: RpcRequest): boolean {
  const meta = memberOf(params, '_meta');
  if (!isJsonObject(meta)) return false;
  const info = memberOf(meta, 'io.modelcontextprotocol/clientInfo');
  const abilities = memberOf(meta, 'io.modelcontextprotocol/clientCapabilities');
  return isJsonObject(abilities) && (info === undefined || isJsonObject(info));
}
