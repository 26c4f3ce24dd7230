// What became of each request of a POST, for whoever watches: no arguments, no results, and no name that a client made up.
import { qualifyName } from '@cardea/schemas/mcp';
import { idKey, memberOf, type Message, type RpcRequest } from '../admit/message.ts';
import type { Verdict } from '../decide/verdict.ts';
import type { Answer, RelayOutcome } from '../relay/relayOutcome.ts';
import type { Report } from '../telemetry/proxyEvent.ts';
import type { Asker } from './judge.ts';

export interface Operations {
  readonly messages: readonly Message[];
  readonly verdicts: readonly Verdict[];
  readonly asker: Asker;
  /** Undefined where nothing was forwarded. */
  readonly outcome: RelayOutcome | undefined;
  readonly startMs: number;
  readonly endMs: number;
  readonly httpStatus: number;
}

export function reportOperations(report: Report, operations: Operations): void {
  const { messages, verdicts, asker, outcome, startMs, endMs, httpStatus } = operations;
  const { server, session, protocol, headers } = asker;
  const { traceparent } = headers;
  for (const [at, message] of messages.entries()) {
    if (message.kind !== 'request') continue;
    const verdict = verdicts[at] as Verdict;
    const tool = findTool(message, verdict, server);
    const error =
      verdict.kind === 'allow' ? errorOf(outcome?.answers.get(idKey(message.id)), outcome) : verdict.code;
    report({
      kind: 'operation',
      server,
      method: message.method,
      requestId: String(message.id),
      protocol,
      startMs,
      endMs,
      httpStatus,
      ...(tool === undefined ? {} : { tool }),
      ...(session === undefined ? {} : { session: session.name }),
      ...(typeof traceparent === 'string' ? { traceparent } : {}),
      ...(error === undefined ? {} : { error }),
    });
  }
}

/** Only where the decision service knew it: what was refused before that may be a name of the client's own making. */
function findTool({ method, params }: RpcRequest, verdict: Verdict, server: string): string | undefined {
  const name = memberOf(params, 'name');
  const isKnown = verdict.kind !== 'deny' || verdict.decisionId !== undefined;
  return method === 'tools/call' && isKnown && typeof name === 'string'
    ? qualifyName(server, name)
    : undefined;
}

function errorOf(answer: Answer | undefined, outcome: RelayOutcome | undefined): string | undefined {
  switch (answer?.kind) {
    case undefined:
      // An array of which another message was denied was not forwarded at all.
      return outcome === undefined ? 'batch_denied' : outcome.code;
    case 'result':
      return undefined;
    case 'tool_error':
      return 'tool_error';
    case 'error':
      return 'upstream_error';
    case 'replaced':
      return answer.code;
  }
}
