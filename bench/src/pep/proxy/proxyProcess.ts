// A proxy from the outside, in a process of its own.
import { ChildProcess } from '../../child/childProcess.ts';
import type { ProxyAnswer, ProxyQuestion, Usage } from './proxy.ts';

/** Some compile what they load. */
const startMsMax = 60_000;

export class ProxyProcess {
  readonly url: string;
  readonly #child: ChildProcess<ProxyQuestion, ProxyAnswer>;

  private constructor(child: ChildProcess<ProxyQuestion, ProxyAnswer>, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** `main` runs `answerAsProxy`. Rejects where it cannot be started; nothing of it is left then. */
  static async start(main: URL, setup: unknown): Promise<ProxyProcess> {
    const child = ChildProcess.start<ProxyQuestion, ProxyAnswer>(main);
    try {
      const answer = await child.ask({ kind: 'start', setup }, startMsMax);
      if (answer.kind !== 'started') throw new Error('the proxy answered another question');
      return new ProxyProcess(child, answer.url);
    } catch (fault) {
      await child.close();
      throw fault;
    }
  }

  async readUsage(): Promise<Usage> {
    const answer = await this.#child.ask({ kind: 'usage' });
    if (answer.kind !== 'usage') throw new Error('the proxy answered another question');
    return answer;
  }

  async readLive(): Promise<{ readonly liveMb: number; readonly rssMb: number }> {
    const answer = await this.#child.ask({ kind: 'live' });
    if (answer.kind !== 'live') throw new Error('the proxy answered another question');
    return answer;
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}
