// A request as it goes over the wire, written once and sent again and again.

export interface RequestTo {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `bodyAt` is where in the bytes the body begins. */
export function writeRequest(
  method: 'POST' | 'GET',
  { url, headers }: RequestTo,
  body = '',
): { readonly bytes: Buffer; readonly bodyAt: number } {
  const { host, pathname } = new URL(url);
  const sized = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  const lines = Object.entries({ host, ...headers, ...sized }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = `${method} ${pathname} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return { bytes: Buffer.from(head + body), bodyAt: Buffer.byteLength(head) };
}
