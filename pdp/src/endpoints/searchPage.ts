// Pages of search results (AuthZEN 1.0, 8.2). A token says where to go on and in which search; any worker can read it,
// and nobody gains anything by making one up.
import { hash } from 'node:crypto';
import { Refusal } from '@cardea/schemas/codes';
import { canonicalBytes, isJsonObject, type JsonValue } from '@cardea/schemas/json';

/** Results of one page, whatever the caller would like. */
export const pageResultsMax = 1_000;

/** Candidates judged for one page: where few match, pages are short and more of them follow. */
export const pageCandidatesMax = 2_000;

export interface Page {
  /** Index of the first candidate to judge. */
  readonly start: number;
  readonly resultsMax: number;
  /** The token for the page that starts at this candidate. */
  readonly tokenAt: (candidate: number) => string;
}

interface StatedPage {
  readonly token?: string | undefined;
  readonly limit?: number | undefined;
}

/** Throws Refusal `invalid_request` for a token that belongs to another search or another page size. */
export function readPage(path: string, body: JsonValue, stated: StatedPage = {}): Page {
  const search = digestSearch(path, body);
  const { token = '' } = stated;
  const before = token === '' ? undefined : readToken(token);
  if (before !== undefined && before.search !== search) {
    throw new Refusal('invalid_request', 'page.token: belongs to another search');
  }
  if (before !== undefined && stated.limit !== undefined && stated.limit !== before.limit) {
    throw new Refusal('invalid_request', 'page.limit: differs from that of the page before');
  }
  const limit = before === undefined ? stated.limit : before.limit;
  return {
    start: before?.start ?? 0,
    resultsMax: Math.min(limit ?? pageResultsMax, pageResultsMax),
    tokenAt: (candidate) => Buffer.from(`${candidate}.${limit ?? ''}.${search}`).toString('base64url'),
  };
}

function readToken(token: string): { start: number; limit: number | undefined; search: string } {
  const matched = /^(\d{1,9})\.(\d{0,15})\.([0-9a-f]{64})$/.exec(
    Buffer.from(token, 'base64url').toString('latin1'),
  );
  if (matched === null) throw new Refusal('invalid_request', 'page.token: is none of ours');
  const [, start = '', limit = '', search = ''] = matched;
  return { start: Number(start), limit: limit === '' ? undefined : Number(limit), search };
}

/** Everything but the page: that is what has to stay the same from page to page. */
function digestSearch(path: string, body: JsonValue): string {
  const fields = Object.entries<JsonValue>(isJsonObject(body) ? body : {});
  const search = Object.fromEntries(fields.filter(([name]) => name !== 'page'));
  return hash('sha256', canonicalBytes([path, search]), 'hex');
}
