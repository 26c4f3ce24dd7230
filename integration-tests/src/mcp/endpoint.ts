// What listens: servers to compare with and the proxies in front of them, each in a process that ends with its test.
import { ChildProcess } from '../../../bench/src/child/childProcess.ts';

export interface Endpoint {
  readonly url: string;
  /** What every request of a client has to have. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** Starts a proxy that serves the upstream, under any path. */
export type StartProxy = (upstreamUrl: string) => Promise<Endpoint>;

export function startConformanceServer(): Promise<Endpoint> {
  return startProcess(new URL('conformanceServer/main.ts', import.meta.url), null);
}

export function startSessionServer(): Promise<Endpoint> {
  return startProcess(new URL('sessionServer/main.ts', import.meta.url), null);
}

export function startPassThrough(upstreamUrl: string): Promise<Endpoint> {
  return startProcess(new URL('../../../bench/src/passThrough/main.ts', import.meta.url), upstreamUrl);
}

/** The program answers what it is asked with its URL. */
async function startProcess(program: URL, question: unknown): Promise<Endpoint> {
  const child = ChildProcess.start<unknown, string>(program);
  try {
    return { url: await child.ask(question), close: () => child.close() };
  } catch (fault) {
    await child.close();
    throw fault;
  }
}
