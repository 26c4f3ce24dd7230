// Head and body of one message in one write. node:http writes bytes apart from the head, which costs a call into the
// system more than the whole of what the proxy does with a small message; a text it joins to the head.
import type { OutgoingMessage } from 'node:http';

/** Larger bodies cost more to copy than a second write does. */
const joinedBytesMax = 64 * 1024;

/** Ends the message with these very bytes: in Latin-1 each character is one of them. */
export function sendWhole(message: OutgoingMessage, bytes: Buffer | undefined): void {
  if (bytes === undefined) message.end();
  else if (bytes.length > joinedBytesMax) message.end(bytes);
  else message.end(bytes.toString('latin1'), 'latin1');
}
