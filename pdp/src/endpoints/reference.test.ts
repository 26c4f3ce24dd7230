import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { defaultServiceLimits } from '../limits.ts';
import { createEndpoints } from './index.ts';
import type { Services } from './services.ts';

const page = readFileSync(new URL('../../../docs/reference/api.md', import.meta.url), 'utf8');

it('the reference lists every event of the log, and no other', () => {
  const source = readFileSync(new URL('../telemetry/log.ts', import.meta.url), 'utf8');
  const events = [...source.matchAll(/event: '([a-z_]+)'/g)].map(([, name]) => name);
  const listed = page.split('## Events')[1]?.matchAll(/^\| `([a-z_]+)`/gm) ?? [];
  expect([...listed].map(([, name]) => name)).toEqual(events.sort());
});

it('the reference lists every endpoint with the callers that may use it, and no other', () => {
  // No endpoint is called: none needs more of its services.
  const endpoints = createEndpoints({ limits: defaultServiceLimits } as Services).map((endpoint) => {
    const callers = endpoint.kind === 'open' ? 'anybody' : endpoint.callers.join(', ');
    return `${endpoint.method} ${endpoint.path} | ${callers}`;
  });
  const listed = [...page.matchAll(/^\| `((?:GET|POST) [^`]+)` *\| ([a-z, ]+?) *\|/gm)].map(
    ([, address = '', callers = '']) => `${address} | ${callers}`,
  );
  expect(listed.sort()).toEqual(endpoints.sort());
});
