// What the scopes of a token open (RFC 6749, 3.3; RFC 8693, 4.2): for each server the effects of those that cover it.
import type { Effect } from '@cardea/schemas/cedar';
import { effects as allEffects } from '@cardea/schemas/cedar';
import type { IssuerConfig } from '../../config/issuerConfig.ts';
import { TokenFault } from './tokenFault.ts';

/** Whatever any of them opens on it. */
export function effectsOfAll({ scopes }: Pick<IssuerConfig, 'scopes'>, server: string): Effect[] {
  const opened = scopes?.filter(({ servers }) => servers.has(server)).flatMap(({ effects }) => effects);
  return [...(opened ?? allEffects)];
}

/**
 * With what it has, the one that opens this effect and the least beside it: whoever asks for these gets all that is
 * needed. Undefined where none does.
 */
export function scopesToAsk(
  { scopes = [] }: Pick<IssuerConfig, 'scopes'>,
  held: ReadonlySet<string>,
  { server, effect }: { readonly server: string; readonly effect: Effect },
): string[] | undefined {
  const here = scopes.filter(({ servers }) => servers.has(server));
  const [least] = here
    .filter(({ effects }) => effects.includes(effect))
    .sort((left, right) => left.effects.length - right.effects.length);
  if (least === undefined) return undefined;
  return here.filter((one) => one === least || held.has(one.scope)).map(({ scope }) => scope);
}

/** All of them where tokens are not limited by their scopes. Throws TokenFault `claims`. */
export function effectsOf(
  claims: Readonly<Record<string, unknown>>,
  { scopes }: IssuerConfig,
  server: string,
): Effect[] {
  if (scopes === undefined) return [...allEffects];
  const held = readScopes(claims);
  return scopes
    .filter(({ scope, servers }) => held.has(scope) && servers.has(server))
    .flatMap(({ effects }) => effects);
}

/** All that open anything on it: a client that has one of them need not come back for the next. */
export function scopesFor({ scopes = [] }: Pick<IssuerConfig, 'scopes'>, server: string): string[] {
  return scopes.filter(({ servers }) => servers.has(server)).map(({ scope }) => scope);
}

/** `scope` is a text of them; some providers have a list, or call it `scp`. */
export function readScopes(claims: Readonly<Record<string, unknown>>): Set<string> {
  const named = ['scope', 'scp']
    .filter((name) => Object.hasOwn(claims, name))
    .flatMap((name) => claims[name]);
  const texts = named.map((entry) => {
    if (typeof entry === 'string') return entry;
    throw new TokenFault('claims');
  });
  return new Set(texts.flatMap((text) => text.split(' ')));
}
