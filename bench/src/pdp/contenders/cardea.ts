// Our engine as the decision service uses it: policies compiled before, values typed before, all facts stated.
import type { DecisionRequest } from '@cardea/engine';
import { cedarModule } from './cedarModule.ts';
import type { Contender } from './contender.ts';
import { compileRules, makeEngine, typeRequest } from './engine.ts';

export const cardea: Contender = {
  name: 'cardea',
  prepare: (rules, requests) => {
    const engine = makeEngine(compileRules(rules, cedarModule), cedarModule);
    const typed = requests.map(typeRequest);
    return Promise.resolve({
      decide: (at) => engine.decide(typed[at] as DecisionRequest).kind === 'allow',
      close: () => undefined,
    });
  },
};
