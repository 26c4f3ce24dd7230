// A browser that follows where it is sent, and keeps cookies.

const stepsMax = 20;

/** Resolves with the code that comes back. Rejects where none does. */
export async function logIn(start: URL, callback: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < stepsMax; step += 1) {
    if (url.href.startsWith(callback)) return readCode(url);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url);
  }
  throw new Error('the browser was sent in circles');
}

function readCode(url: URL): string {
  const code = url.searchParams.get('code');
  if (code === null) throw new Error(`nobody was let in: ${url.search}`);
  return code;
}
