// The table of codes as a page for people. Generated, so that it cannot disagree with what the services answer.
import { codes, type Code, type CodeEntry } from './codes.ts';

export function renderCodesReference(): string {
  const rows = (Object.entries(codes) as [Code, CodeEntry][]).map(
    ([code, { http, rpc, meaning, remedy }]) => `| \`${code}\` | ${http} | ${rpc} | ${meaning} | ${remedy} |`,
  );
  return [
    '# Codes',
    '',
    'Every refusal and every verdict carries one of these codes. `HTTP` is the status of the decision service where',
    'the code is the whole answer; a denial is an answer, hence 200. `JSON-RPC` is the error code towards MCP clients.',
    'AuthZEN has 400 for whatever is no request: below `/access/` that is the status of `unsupported_media_type` too.',
    '',
    '| Code | HTTP | JSON-RPC | What happened | What to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
