// Answers that wait for the end of one turn of the event loop. Sent one after the other they wake their receivers once;
// sent each as soon as it is there, they wake them once for each, which costs as much as a decision.

const waiting: (() => void)[] = [];

/** `send` must not throw. */
export function sendSoon(send: () => void): void {
  waiting.push(send);
  if (waiting.length === 1) setImmediate(sendAll);
}

function sendAll(): void {
  for (const send of waiting.splice(0)) send();
}
