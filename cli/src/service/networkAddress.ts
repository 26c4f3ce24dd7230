// Where to listen, as a word of a command line: 127.0.0.1:9090, [::1]:9090, or a host name and a port.
import { Failure } from '../frame/failure.ts';

export interface NetworkAddress {
  readonly host: string;
  readonly port: number;
}

/** `option` is how the word was given. Throws Failure. */
export function readAddress(option: string, word: string): NetworkAddress {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/i.exec(word) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new Failure(`${option} is an address and a port, as 127.0.0.1:9090, not "${word}"`);
}
