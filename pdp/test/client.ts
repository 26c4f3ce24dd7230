// A caller of a decision service under test.
import { createHash } from 'node:crypto';
import type { WireCaller } from '@cardea/schemas/wire';

export const tokens = { proxy: 'proxy-token', client: 'client-token', author: 'author-token' } as const;

export function tokenSha256(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** One caller of each class. */
export function makeCallers(servers: readonly string[], subjects: SubjectList = []): WireCaller[] {
  return [
    { class: 'proxy', name: 'proxy', tokenSha256: tokenSha256(tokens.proxy), servers: [...servers] },
    { class: 'client', name: 'client', tokenSha256: tokenSha256(tokens.client), subjects: [...subjects] },
    { class: 'author', name: 'author', tokenSha256: tokenSha256(tokens.author) },
  ];
}

type SubjectList = Extract<WireCaller, { class: 'client' }>['subjects'];

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Sends JSON, or the text as it is. */
export async function post(
  url: string,
  body: unknown,
  options: { token?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const { token = tokens.author, headers } = options;
  const response = await fetch(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
  });
  return { status: response.status, headers: response.headers, body: await readJson(response) };
}

export async function get(url: string, token: string = tokens.author): Promise<Reply> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, headers: response.headers, body: await readJson(response) };
}

async function readJson(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}
