// The body of a reply as one piece, within limits of size and time: a server may stall, or never end. Whoever asked for it
// lets go of what is held once the answer is written.
import type { UpstreamReply } from '../../act/upstreamReply.ts';
import { ByteCollector } from '../byteCollector.ts';
import type { Holding } from '../heldBytes.ts';
import type { RelayLimits } from '../relayLimits.ts';

export type CollectedBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' | 'too_slow' | 'too_much' | 'broken' };

/** Never rejects. A reply that is not whole is destroyed. */
export function collectBody(
  reply: UpstreamReply,
  limits: RelayLimits,
  holding: Holding,
): Promise<CollectedBody> {
  return new Promise((resolve) => {
    const collector = new ByteCollector(limits.bodyBytesMax);
    const settle = (body: CollectedBody): void => {
      clearTimeout(idle);
      clearTimeout(total);
      resolve(body);
      if (body.kind !== 'whole') reply.destroy();
    };
    const giveUp = (): void => {
      settle({ kind: 'too_slow' });
    };
    const idle = setTimeout(giveUp, limits.bodyIdleTimeoutMs);
    const total = setTimeout(giveUp, limits.bodyTimeoutMs);
    reply.on('data', (part: Buffer) => {
      idle.refresh();
      if (collector.length + part.length > limits.bodyBytesMax) {
        settle({ kind: 'too_large' });
        return;
      }
      collector.append(part);
      try {
        holding.set(collector.heldBytes);
      } catch {
        settle({ kind: 'too_much' });
      }
    });
    reply.once('end', () => {
      settle({ kind: 'whole', bytes: collector.take() });
    });
    reply.once('close', () => {
      settle({ kind: 'broken' });
    });
  });
}
