// Streams on which clients listen: they end when they are ended, and whoever lost what let them open one loses the stream.
import type { Identities } from '../identify/identity.ts';
import type { OpenStreams } from '../relay/openStreams.ts';
import type { RelayContext } from '../relay/relayContext.ts';
import type { SessionTable } from '../sessions/sessionTable.ts';
import type { ServedContext } from './exchange.ts';
import type { Judge } from './judge.ts';

export function isListening({ httpMethod, asked }: RelayContext): boolean {
  return httpMethod === 'GET' || [...asked.values()].some(({ method }) => method === 'subscriptions/listen');
}

/** Who listens has to stand; an answer that was begun may come to its end. */
export function mayStay(context: RelayContext, identities: Identities): boolean {
  const { identity } = context;
  return isListening(context) ? identities.isCurrent(identity) : identities.mayFinish(identity);
}

/** Asks again, as if each were opened now. */
export async function closeForbidden(streams: OpenStreams, judge: Judge): Promise<void> {
  const listening: RelayContext[] = [];
  streams.closeWhere((context) => {
    if (isListening(context)) listening.push(context);
    return false;
  });
  for (const context of listening) {
    // INVARIANT: every context comes from `servePost` or `serveStream`, which say who asked.
    if (!(await mayListen(context as ServedContext, judge))) streams.closeWhere((one) => one === context);
  }
}

/** Listening keeps no session from its end. */
export function closeOver(streams: OpenStreams, sessions: SessionTable): void {
  streams.closeWhere(
    (context) => context.session !== undefined && isListening(context) && sessions.isOver(context.session),
  );
}

async function mayListen(context: ServedContext, judge: Judge): Promise<boolean> {
  if (context.httpMethod === 'GET') return (await judge.judgeListening(context)).kind === 'allow';
  for (const request of context.asked.values()) {
    const verdict = await judge.judge({ kind: 'request', ...request }, context);
    if (verdict.kind !== 'allow') return false;
  }
  return true;
}
