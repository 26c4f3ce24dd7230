import { describe, expect, it } from '@jest/globals';
import type { Message } from '../admit/message.ts';
import type { Verdict } from '../decide/verdict.ts';
import type { Answer, RelayOutcome } from '../relay/relayOutcome.ts';
import type { ProxyEvent } from '../telemetry/proxyEvent.ts';
import { reportOperations } from './reportOperations.ts';
import type { Asker } from './judge.ts';

const asker = { server: 'desk', session: undefined, protocol: '2026-07-28', headers: {} } as Asker;
const allow: Verdict = { kind: 'allow', decisionId: 'd' };

const params = { name: 'read_ticket', arguments: { ticket: 'a secret' } };
const call: Message = { kind: 'request', id: 7, method: 'tools/call', params };

function report(message: Message, verdict: Verdict, outcome?: RelayOutcome): ProxyEvent[] {
  const events: ProxyEvent[] = [];
  reportOperations((event) => events.push(event), {
    messages: [message],
    verdicts: [verdict],
    asker,
    outcome,
    startMs: 1,
    endMs: 3,
    httpStatus: 200,
  });
  return events;
}

function relayed(answer: Answer): RelayOutcome {
  return { end: 'complete', code: undefined, answers: new Map([['n7', answer]]) };
}

describe('reportOperations', () => {
  it.each<[string, Answer, string | undefined]>([
    ['a result', { kind: 'result' }, undefined],
    ['a tool that failed', { kind: 'tool_error' }, 'tool_error'],
    ['an error of the server', { kind: 'error', rpc: -32603 }, 'upstream_error'],
    ['an error of ours', { kind: 'replaced', code: 'upstream_invalid' }, 'upstream_invalid'],
  ])('tells of %s', (_, answer, error) => {
    const [event] = report(call, allow, relayed(answer));
    expect(event).toMatchObject({ kind: 'operation', method: 'tools/call', tool: 'desk/read_ticket' });
    expect((event as { error?: string }).error).toBe(error);
  });

  it('tells of a server that could not be reached', () => {
    const outcome: RelayOutcome = { end: 'failed', code: 'upstream_unavailable', answers: new Map() };
    expect(report(call, allow, outcome)).toMatchObject([{ error: 'upstream_unavailable' }]);
  });

  it('tells why a call was denied', () => {
    const denial: Verdict = { kind: 'deny', code: 'forbidden', message: 'no', decisionId: 'd' };
    expect(report(call, denial)).toMatchObject([{ error: 'forbidden', tool: 'desk/read_ticket' }]);
  });

  it('names no tool that the decision service has not seen', () => {
    const denial: Verdict = { kind: 'deny', code: 'not_offered', message: 'no' };
    expect(report(call, denial)[0]).not.toHaveProperty('tool');
  });

  it('holds no argument', () => {
    expect(JSON.stringify(report(call, allow, relayed({ kind: 'result' })))).not.toContain('secret');
  });

  it('is silent about notifications', () => {
    expect(
      report({ kind: 'notification', method: 'notifications/initialized', params: undefined }, allow),
    ).toEqual([]);
  });
});
