// What pep.json says of sessions: how long they last, and where the keys are that proxies seal them with.
import type { WireSessions } from '@cardea/schemas/wire';
import { sessionLimitsDefault, type SessionLimits } from '../sessions/sessionLimits.ts';
import type { SecretSource } from './proxyConfig.ts';
import { readSecretPlace } from './redisConfig.ts';

export interface SessionsConfig {
  /** None: no other proxy opens what this one has sealed. */
  readonly keys: readonly ConfiguredKey[];
  readonly limits: SessionLimits;
}

export interface ConfiguredKey {
  readonly id: string;
  readonly source: SecretSource;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export function readSessions(wire: WireSessions, folder: string): SessionsConfig {
  const { keys = [], maxAgeHours, idleMinutes, pauseMinutes, perIdentityMax } = wire;
  const usual = sessionLimitsDefault;
  return {
    keys: keys.map(({ id, value }) => ({ id, source: readSecretPlace(value, folder) })),
    limits: {
      ...usual,
      maxAgeMs: maxAgeHours === undefined ? usual.maxAgeMs : maxAgeHours * hourMs,
      idleMs: idleMinutes === undefined ? usual.idleMs : idleMinutes * minuteMs,
      pauseMs: pauseMinutes === undefined ? usual.pauseMs : pauseMinutes * minuteMs,
      perIdentityMax: perIdentityMax ?? usual.perIdentityMax,
    },
  };
}
