// What scripted servers do.
import type { ServerResponse } from 'node:http';
import type { Script } from './relayScene.ts';

export const json = { 'content-type': 'application/json' };
export const events = { 'content-type': 'text/event-stream' };

export function answering(
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: string | Buffer,
): Script {
  return (_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

const pauseMs = 20;

/** Says something, and after a while does the rest, where there is one. */
export function beginning(
  headers: Readonly<Record<string, string>>,
  begun: string,
  then?: (response: ServerResponse) => void,
): Script {
  return (_request, response) => {
    response.writeHead(200, headers).write(begun);
    setTimeout(() => then?.(response), pauseMs);
  };
}

export function breakOff(response: ServerResponse): void {
  response.destroy();
}
