// Those that only pass on or translate, and the way without any of them.
import { ProxyProcess } from '../proxy/proxyProcess.ts';
import type { Contender } from './contender.ts';

export const direct: Contender = { name: 'direct', start: () => Promise.resolve(undefined) };

export const bare: Contender = {
  name: 'bare',
  start: (upstream) => ProxyProcess.start(new URL('./bare/main.ts', import.meta.url), upstream),
};

export const express: Contender = {
  name: 'express',
  start: (upstream) => ProxyProcess.start(new URL('./express/main.ts', import.meta.url), upstream),
};

export const bridge: Contender = {
  name: 'sdk bridge',
  hasSessions: true,
  start: (upstream) => ProxyProcess.start(new URL('./bridge/main.ts', import.meta.url), upstream),
};
