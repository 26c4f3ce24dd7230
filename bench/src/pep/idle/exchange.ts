// One request and the beginning of its answer on a raw socket, for connections of which there are thousands.
import type { Socket } from 'node:net';

/** Resolves with what `read` makes of the bytes so far, as soon as that is something. Rejects where the socket ends. */
export function exchange<T>(
  socket: Socket,
  request: Buffer,
  read: (bytes: Buffer) => T | undefined,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let bytes = Buffer.alloc(0);
  const onData = (part: Buffer): void => {
    bytes = Buffer.concat([bytes, part]);
    const found = read(bytes);
    if (found !== undefined) resolve(found);
  };
  const onEnd = (): void => {
    reject(new Error('the connection ended'));
  };
  socket.on('data', onData).on('close', onEnd).write(request);
  return promise.finally(() => {
    socket.off('data', onData).off('close', onEnd);
  });
}
