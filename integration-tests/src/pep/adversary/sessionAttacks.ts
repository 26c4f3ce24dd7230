// Sessions of others, of nobody, and those that are over; answers that nobody asked for; arrays.
import { attack, bobToken, callOf, passed, refused, rpc, type Attack } from './attack.ts';

const good = callOf('{"amount":1}');
const hidden = callOf('{}', 'hidden').replace('"id":1', '"id":2');
const list = rpc('tools/list', {}, 3);
const initialize = rpc('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: {} });
const array = (...messages: readonly string[]): string => `[${messages.join(',')}]`;
const inSession = (id: string): { headers: Record<string, string> } => ({
  headers: { 'mcp-session-id': id },
});

export const sessionAttacks: readonly Attack[] = [
  passed('a session of the same identity', ({ own }) => ({ ...inSession(own), body: good })),
  refused('unknown_session', 'a session of somebody else', ({ foreign }) => ({
    ...inSession(foreign),
    body: good,
  })),
  refused('unknown_session', 'the same session with the token of another', ({ own }) => ({
    headers: { 'mcp-session-id': own, authorization: `Bearer ${bobToken}` },
    body: good,
  })),
  refused('unknown_session', 'a session of another server', ({ own }) => ({
    ...inSession(own),
    path: '/other/mcp',
    body: good,
  })),
  refused('unknown_session', 'a session that has ended', ({ ended }) => ({
    ...inSession(ended),
    body: good,
  })),
  refused('unknown_session', 'a session of nobody', { ...inSession('session-999'), body: good }),
  refused('unknown_session', 'a session without a name', { ...inSession(''), body: good }),
  refused('unknown_session', 'two sessions in one', ({ own, foreign }) => ({
    ...inSession(`${own}, ${foreign}`),
    body: good,
  })),
  refused('unknown_session', 'a stream in a session of somebody else', ({ foreign }) => ({
    ...inSession(foreign),
    line: 'GET /desk/mcp HTTP/1.1',
  })),
  refused('unknown_session', 'the end of a session of somebody else', ({ foreign }) => ({
    ...inSession(foreign),
    line: 'DELETE /desk/mcp HTTP/1.1',
  })),
  refused('invalid_request', 'the end of no session', { line: 'DELETE /desk/mcp HTTP/1.1' }),
  refused('invalid_request', 'initialize in a session', ({ own }) => ({
    ...inSession(own),
    body: initialize,
  })),
  refused('method_not_allowed', 'a stream of the stateless era', {
    line: 'GET /desk/mcp HTTP/1.1',
    headers: { 'mcp-protocol-version': '2026-07-28' },
  }),
  refused('unexpected_response', 'an answer in a session', ({ own }) => ({
    ...inSession(own),
    body: '{"jsonrpc":"2.0","id":1,"result":{"action":"accept"}}',
  })),
  refused('unexpected_response', 'an answer under the stateless revision', {
    headers: { 'mcp-protocol-version': '2026-07-28' },
    body: '{"jsonrpc":"2.0","id":1,"result":{}}',
  }),
  attack(['202'], 'a notification', ({ own }) => ({
    ...inSession(own),
    body: '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  })),
  refused('batch_refused', 'an array that takes back what is not under way', ({ batching }) => ({
    ...inSession(batching),
    body: array(good, '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}'),
  })),

  refused('batch_refused', 'an array in a session without arrays', ({ own }) => ({
    ...inSession(own),
    body: array(good),
  })),
  refused('batch_refused', 'an array in such a session, under another revision', ({ own }) => ({
    headers: { 'mcp-session-id': own, 'mcp-protocol-version': '2025-03-26' },
    body: array(good),
  })),
  refused('batch_refused', 'an array under a later revision', {
    headers: { 'mcp-protocol-version': '2025-11-25' },
    body: array(good),
  }),
  refused('batch_refused', 'an array with a claim in it', {
    body: array(good, rpc('ping', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }, 2)),
  }),
  refused('batch_refused', 'an array with initialize in it', { body: array(list, initialize) }),
  refused('header_mismatch', 'a method for an array', {
    headers: { 'mcp-method': 'tools/list' },
    body: array(list),
  }),
  refused('invalid_request', 'an empty array', { body: '[]' }),
  refused('invalid_request', 'an array in an array', { body: array(array(good)) }),
  refused('invalid_request', 'an array with something else in it', { body: array(good, '1') }),
  refused('invalid_request', 'one id for two', { body: array(good, good) }),
  refused('too_large', 'an array without an end', {
    body: array(...Array.from({ length: 40 }, (_, at) => rpc('ping', undefined, at))),
  }),
  attack(
    ['200 [batch_denied -32001, not_offered -32602]'],
    'one that is hidden among others',
    ({ batching }) => ({
      ...inSession(batching),
      body: array(good, hidden),
    }),
  ),
  attack(
    ['200 [batch_denied -32001, forbidden -32001, batch_denied -32001]'],
    'one that is denied among others',
    {
      body: array(good, callOf('{"amount":5000}').replace('"id":1', '"id":2'), list),
    },
  ),
  attack(
    ['200 [batch_denied -32001, unexpected_response -32600]'],
    'an answer among requests',
    ({ batching }) => ({
      ...inSession(batching),
      body: array(good, '{"jsonrpc":"2.0","id":7,"result":{}}'),
    }),
  ),
  attack(['200 [passed, passed]'], 'an array that may pass', ({ batching }) => ({
    ...inSession(batching),
    body: array(good, list),
  })),
];
