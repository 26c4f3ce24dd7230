// The limits of a decision service, as words of a command line: bodyBytesMax=2097152.
import { defaultServiceLimits, type ServiceLimits } from '@cardea/pdp';
import { Failure } from '../frame/failure.ts';
import { suggest } from '../frame/nearest.ts';

/** Throws Failure for a limit that does not exist and for a value that is no positive number. */
export function readServiceLimits(words: readonly string[]): Partial<ServiceLimits> {
  return Object.fromEntries(words.map(readLimit));
}

function readLimit(word: string): [string, number] {
  const [name = '', value = ''] = word.split('=');
  const names = Object.keys(defaultServiceLimits);
  if (!names.includes(name)) {
    throw new Failure(`there is no limit "${name}"`, suggest(name, names) ?? `one of: ${names.join(', ')}`);
  }
  if (/^[1-9]\d{0,14}$/.test(value)) return [name, Number(value)];
  throw new Failure(`the limit ${name} is a whole number from 1, not "${value}"`);
}
