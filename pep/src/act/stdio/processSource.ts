// Where the processes of one server come from: each is started with what stands in its configuration now, its lines are
// read, what is no message is counted, and one that ends again and again is left alone for a while.
import type { StdioServerConfig } from '../../config/serverConfig.ts';
import type { Report } from '../../telemetry/proxyEvent.ts';
import type { Guardian } from './guardian/guardian.ts';
import { RestartBudget } from './restartBudget.ts';
import { readServerLine, type ServerLine } from './serverLine.ts';
import { ServerProcess } from './serverProcess.ts';

export interface LineListener {
  readonly onLine: (line: ServerLine) => void;
  /** It has ended, whoever ended it. */
  readonly onEnd: () => void;
}

export interface SourceOptions {
  readonly config: StdioServerConfig;
  readonly guardian: Guardian;
  readonly report: Report;
}

const lineBytesMax = 4 * 1024 * 1024;

/** One that has answered, and has lived for so long, was of use. */
const usefulMs = 5_000;

export class ProcessSource {
  readonly #options: SourceOptions;
  readonly #budget: RestartBudget;
  readonly #running = new Set<ServerProcess>();

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#budget = new RestartBudget(options.config.process.restartsMax, () => performance.now());
  }

  /** Throws Refusal `upstream_unavailable`. */
  open({ onLine, onEnd }: LineListener): ServerProcess {
    this.#budget.requireOpen();
    const { config, guardian } = this.#options;
    const startMs = performance.now();
    let hasAnswered = false;
    const complaints = new Set<string>();
    const complain = (what: 'noise' | 'too_long'): void => {
      if (complaints.has(what)) return;
      complaints.add(what);
      this.#tell(what);
    };
    const process = new ServerProcess(
      { command: config.process, environment: config.environment(), guardian, lineBytesMax },
      {
        onLine: (bytes) => {
          const line = readServerLine(bytes);
          if (line === undefined) {
            if (bytes.length > 0) complain('noise');
            return;
          }
          hasAnswered = true;
          onLine(line);
        },
        onTooLong: () => {
          complain('too_long');
        },
        onEnd: () => {
          this.#running.delete(process);
          this.#note(process.wasEnded, hasAnswered && performance.now() - startMs >= usefulMs);
          onEnd();
        },
      },
    );
    this.#running.add(process);
    return process;
  }

  /** Resolves when none is left. */
  async close(): Promise<void> {
    await Promise.all([...this.#running].map((process) => process.end()));
  }

  #note(wasEnded: boolean, wasUseful: boolean): void {
    if (wasUseful) this.#budget.succeed();
    if (wasEnded) return;
    this.#tell('ended');
    if (!wasUseful && this.#budget.fail() > 0) this.#tell('left_alone');
  }

  #tell(what: 'ended' | 'left_alone' | 'noise' | 'too_long'): void {
    this.#options.report({ kind: 'process', server: this.#options.config.id, what });
  }
}
