// The closed table of outcomes that a caller can see. Every refusal and every denial in the product carries one of
// these codes; docs/reference/codes.md is generated from this table, and a test pins it.

export interface CodeEntry {
  /** HTTP status where the refusal is the whole answer. A denial is an answer, hence 200. */
  readonly http: number;
  /** JSON-RPC error code towards MCP clients. */
  readonly rpc: number;
  /** What happened, one sentence. */
  readonly meaning: string;
  /** What the caller can do, one sentence. */
  readonly remedy: string;
}

const denial = (meaning: string, remedy: string): CodeEntry => ({ http: 200, rpc: -32001, meaning, remedy });
const refusal = (http: number, meaning: string, remedy: string): CodeEntry => ({
  http,
  rpc: http >= 500 ? -32603 : -32600,
  meaning,
  remedy,
});
const argumentRefusal = (meaning: string, remedy: string): CodeEntry => ({
  http: 400,
  rpc: -32602,
  meaning,
  remedy,
});

export const codes = {
  // Verdicts.
  allowed: {
    http: 200,
    rpc: 0,
    meaning: 'A policy permits the call and none forbids it.',
    remedy: 'Nothing.',
  },
  default_deny: denial(
    'No policy permits the call.',
    'Ask whoever owns the policies for a permit that covers it.',
  ),
  forbidden: denial('A policy forbids the call.', 'Read the reasons: each names the policy that forbids.'),
  held: denial(
    'The call waits for the approval of people.',
    'Ask one of the groups in approvers, then repeat the call unchanged.',
  ),
  facts_needed: denial(
    'Policies read facts that the request did not state.',
    'Repeat the request with the families of facts listed in needs.',
  ),
  policy_error: denial(
    'A forbid policy failed while it was evaluated, so nobody knows whether it forbids.',
    'Ask whoever owns the policies to repair the policy named in the reasons.',
  ),
  unrepresentable_value: denial(
    'A policy reads an argument whose value has no Cedar type.',
    'Send the argument named in the message with a value of its declared type.',
  ),
  facts_required: denial(
    'Facts that policies read could not be had.',
    'Repeat the call later; if it persists, tell the operator.',
  ),
  stale_authority: denial(
    'The statement of what is current is older than the limit.',
    'Wait until the signer can be heard again; tell the operator.',
  ),
  bundle_changed: denial(
    'The bundle that the request pins is not the one served.',
    'Resolve again against the bundle named in the answer and repeat once.',
  ),
  unknown_tool: denial(
    'The bundle holds no such tool, prompt, resource or method.',
    'Check the name against the approved catalog.',
  ),
  engine_fault: denial(
    'The engine failed on this request; it was replaced.',
    'Repeat the request; if it persists, report it with the decision id.',
  ),

  // Requests that could not be understood.
  invalid_json: refusal(400, 'The body is not JSON.', 'Send one JSON document in UTF-8.'),
  duplicate_key: refusal(400, 'An object has the same key twice.', 'Send each key once.'),
  inexact_number: refusal(
    400,
    'A number cannot be carried exactly.',
    'Use integers within 64 bits (for a tool: of 53, unless its schema says int64) and fractions that a double holds exactly.',
  ),
  invalid_text: refusal(
    400,
    'Text is not well-formed Unicode.',
    'Send valid UTF-8 without lone surrogates and without a byte order mark.',
  ),
  too_deep: refusal(
    400,
    'The document nests too deeply.',
    'Flatten it below the limit named in the message.',
  ),
  too_large: refusal(
    413,
    'The document or a list in it is too large.',
    'Stay below the limit named in the message.',
  ),
  invalid_request: refusal(
    400,
    'A field is missing or has the wrong shape.',
    'Correct the field that the message names.',
  ),
  reserved_key: refusal(
    400,
    'A key has a meaning of its own in Cedar (__entity, __extn, __expr).',
    'Rename the key; values of those forms cannot be sent.',
  ),

  // Arguments that a policy and a server could read differently.
  undeclared_argument: argumentRefusal(
    'The tool declares no such argument.',
    'Leave out the argument that the message names, or have a reviewer open the tool.',
  ),
  folded_key: argumentRefusal(
    'An argument differs from a declared one only in case or in the form of its characters.',
    'Spell the argument exactly as the tool declares it.',
  ),
  missing_argument: argumentRefusal(
    'An argument that the tool requires is missing.',
    'Send the argument that the message names.',
  ),

  // Messages of MCP, judged by the proxy.
  not_offered: {
    http: 200,
    rpc: -32602,
    meaning: 'Nothing of that name is offered here.',
    remedy: 'Use a name from the list.',
  },
  resource_not_offered: {
    http: 200,
    rpc: -32002,
    meaning: 'No resource of that URI is offered here.',
    remedy: 'Use a URI from the list, or one that a template in it gives.',
  },
  invalid_argument: argumentRefusal(
    'An argument does not fit the approved schema of the tool.',
    'Correct the argument that the message names.',
  ),
  unchecked_argument: argumentRefusal(
    'The approved schema of the tool says something of an argument that cannot be checked.',
    'Leave out the argument that the message names, or tell whoever reviews the tool.',
  ),
  uri_not_normal: argumentRefusal(
    'The URI can be read in more than one way.',
    'Send it in its normal form: no dot segments, no needless escapes, no empty segments, the host as it is looked up.',
  ),
  unknown_method: {
    http: 404,
    rpc: -32601,
    meaning: 'No such method can be used here.',
    remedy: 'Use a method of the revision of MCP that the message claims.',
  },
  header_mismatch: {
    http: 400,
    rpc: -32020,
    meaning: 'A header says something else than the body.',
    remedy: 'Send the headers of the revision, each as the body says.',
  },
  invalid_envelope: {
    http: 400,
    rpc: -32602,
    meaning: 'What the revision wants in `_meta` of each request is missing or malformed.',
    remedy: 'Send the protocol version and the client capabilities in `_meta`.',
  },
  unsupported_protocol: {
    http: 400,
    rpc: -32022,
    meaning: 'The proxy does not know this revision of MCP.',
    remedy: 'Use one of the supported revisions that the error lists.',
  },
  batch_refused: refusal(
    400,
    'Several messages in one array are not part of this revision of MCP.',
    'Send each message by itself.',
  ),
  batch_denied: denial(
    'Another message of the same array was denied, so none was forwarded.',
    'Send each message by itself.',
  ),
  unexpected_response: refusal(
    400,
    'Nobody asked what this answers.',
    'Answer only what the server asks in this session, once.',
  ),
  unknown_session: {
    http: 404,
    rpc: -32001,
    meaning: 'There is no such session of this identity.',
    remedy: 'Initialize a new session.',
  },
  unknown_state: {
    http: 400,
    rpc: -32602,
    meaning: 'The requestState is none that was given to this identity for this call.',
    remedy: 'Make the call again without requestState and inputResponses.',
  },
  foreign_origin: refusal(
    403,
    'The Host or Origin of the request is not one that the proxy serves.',
    'Use the address of the proxy, or have the origin allowed.',
  ),
  decision_unavailable: {
    http: 200,
    rpc: -32603,
    meaning: 'No verdict could be had in time, so the call was denied.',
    remedy: 'Repeat the call later; if it persists, tell the operator.',
  },
  upstream_unavailable: {
    http: 502,
    rpc: -32603,
    meaning: 'The MCP server cannot be reached.',
    remedy: 'Repeat the call later; if it persists, tell the operator.',
  },
  upstream_invalid: refusal(
    502,
    'The MCP server answered with something that is not one clear answer to what was asked.',
    'Tell whoever runs the server what the message says.',
  ),
  upstream_error: refusal(
    502,
    'The MCP server failed, or broke off before its answer was complete.',
    'Repeat the call if it may run twice; if it persists, tell whoever runs the server.',
  ),
  upstream_timeout: refusal(
    504,
    'The MCP server began an answer and did not end it in time.',
    'Repeat the call if it may run twice; if it persists, tell whoever runs the server.',
  ),
  upstream_credential: refusal(
    502,
    'The MCP server does not accept the credential that the proxy has for it.',
    'Tell the operator of the proxy: no credential of yours reaches the server.',
  ),

  method_not_allowed: refusal(
    405,
    'This address does not take that method of HTTP.',
    'Use one of the methods that the answer allows.',
  ),

  // Callers and the state of the service.
  unsupported_media_type: refusal(
    415,
    'The body is not declared as JSON.',
    'Send content-type: application/json.',
  ),
  unauthenticated: refusal(
    401,
    'No known credential came with the request.',
    'Send authorization: Bearer TOKEN.',
  ),
  insufficient_scope: refusal(
    403,
    'The token does not have the scopes that this takes.',
    'Ask for a token with the scopes that the header WWW-Authenticate names.',
  ),
  issuer_unavailable: {
    http: 503,
    rpc: -32603,
    meaning: 'The keys of the identity provider cannot be had to check the token.',
    remedy: 'Repeat it later with the same token; if it persists, tell the operator.',
  },
  not_permitted: refusal(
    403,
    'The class of this caller may not do that.',
    'Use a credential of the class that the message names.',
  ),
  not_found: refusal(
    404,
    'There is nothing at this address.',
    'Check method and path against the reference.',
  ),
  overloaded: refusal(503, 'The service is at its limit.', 'Wait as Retry-After says and repeat.'),
  rate_limited: refusal(
    429,
    'The sender asks for more in a second than one sender may.',
    'Wait as Retry-After says and repeat.',
  ),
  not_ready: refusal(
    503,
    'The service has no valid bundle to decide with.',
    'Wait until /readyz answers 200.',
  ),
  timed_out: refusal(503, 'The time for this request ran out.', 'Repeat it; make it smaller if it persists.'),
  internal_fault: refusal(500, 'The service failed; nothing was allowed.', 'Report it with the request id.'),
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof codes;
