// Options of services from the environment, where whoever deploys them keeps settings: `--stale-after` is
// CARDEA_STALE_AFTER.
import { Failure } from './failure.ts';
import type { Option } from './verb.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export function variableOf(optionName: string): string {
  return `CARDEA_${optionName.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * In the form that the command line's parser gives; undefined where the variable is not set, or empty. What may be
 * given many times is separated by blanks. Throws Failure for a flag that is neither on nor off.
 */
export function readVariable(
  optionName: string,
  option: Option,
  environment: Environment,
): string | readonly string[] | boolean | undefined {
  const name = variableOf(optionName);
  const value = environment[name]?.trim() ?? '';
  if (value === '') return undefined;
  switch (option.type) {
    case 'flag':
      if (value === 'true' || value === 'false') return value === 'true';
      throw new Failure(`${name} is true or false, not "${value}"`);
    case 'integer':
      return value;
    case 'text':
      return option.many === true ? value.split(/\s+/) : [value];
  }
}
