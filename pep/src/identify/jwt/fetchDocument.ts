// A document of a provider: one GET, no redirects, bounded in bytes and time.
import type { FetchDocument } from './keySource.ts';

/** People wait for it where their token names a key that is not known yet. */
const timeoutMs = 3_000;

export const fetchDocument: FetchDocument = async (url, bytesMax) => {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new RangeError(`it answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    const chunk = part as Uint8Array;
    length += chunk.length;
    if (length > bytesMax) throw new RangeError(`it has more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
