// A wrapped server from its start to its end: whoever started us ends us by the end of our input, or by a signal.
import { once } from 'node:events';
import {
  createLog,
  readProxyConfig,
  startStdioProxy,
  type ProxyConfig,
  type RunningStdioProxy,
} from '@cardea/pep';
import { Failure } from '../frame/failure.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { Context, ExitCode } from '../frame/verb.ts';
import { failToStart } from '../service/runDecisionService.ts';
import type { WrapDecision } from './wrapDecision.ts';
import type { WrapIdentity } from './wrapIdentity.ts';

export interface Wrapped extends Pick<Context, 'onHangup' | 'environment'> {
  readonly server: string;
  readonly command: readonly string[];
  /** Names of variables that the server gets. */
  readonly passed: readonly string[];
  readonly decision: WrapDecision;
  readonly identity: WrapIdentity;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** What a program needs to start at all. Everything else, tokens above all, is passed by name. */
const inherited = ['PATH', 'HOME'];

const asItShould: ReadonlySet<string> = new Set(['bundle_current']);

/** Throws Failure where it cannot start. */
export async function runWrapped(wrapped: Wrapped): Promise<ExitCode> {
  const { signal } = wrapped;
  const proxy = await failToStart(() => start(wrapped));
  wrapped.onHangup(() => void proxy.reload());
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  const end = await Promise.race([proxy.finished, stopped.then(() => 'signal' as const)]);
  await proxy.close();
  return end === 'server' ? 1 : 0;
}

function start(wrapped: Wrapped): Promise<RunningStdioProxy> {
  const { server, decision, identity, terminal, environment } = wrapped;
  const log = createLog((line) => {
    terminal.err(`${line}\n`);
  }, Date.now);
  return startStdioProxy({
    config: makeConfig(wrapped),
    ...{ source: decision.source, trust: decision.trust, authority: { verifiers: decision.verifiers } },
    ...{ grants: identity.grants, token: identity.token, server, environment },
    ...{ input: process.stdin, output: process.stdout },
    log: (event) => {
      if (!asItShould.has(event.event)) log(event);
    },
  });
}

function makeConfig({ server, command, passed, decision }: Wrapped): ProxyConfig {
  const config = {
    decision: decision.decision,
    dial: { allow: decision.dialAllow },
    servers: [{ id: server, command, env: { allow: [...inherited, ...passed] } }],
    ...(decision.isAlone ? { usage: 'process' } : {}),
  };
  try {
    return readProxyConfig(JSON.stringify(config), process.cwd());
  } catch (refusal) {
    throw new Failure(`the server cannot be run: ${(refusal as Error).message}`);
  }
}
