// Cedar without us: the whole set preparsed once, one call per request, and no entity that the policies could not ask
// about. The leanest way to use the engine as its package offers it.
import { CedarHost } from '@cardea/engine';
import { writeCedar, type Rule } from '../workload/policies.ts';
import type { BenchRequest } from '../workload/requests.ts';
import { cedarModule } from './cedarModule.ts';
import type { Contender } from './contender.ts';

const setName = 'all';

export const cedarFullSet: Contender = {
  name: 'cedar',
  prepare: (rules, requests) => {
    const host = new CedarHost(cedarModule);
    host.warm();
    preparse(host, rules);
    const calls = requests.map(makeCall);
    return Promise.resolve({
      decide: (at) => {
        const answer = host.call('statefulIsAuthorized', JSON.stringify(calls[at]));
        return (JSON.parse(answer) as Answer).response.decision === 'allow';
      },
      close: () => undefined,
    });
  },
};

interface Answer {
  readonly response: { readonly decision: 'allow' | 'deny' };
}

function preparse(host: CedarHost, rules: readonly Rule[]): void {
  const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.id, writeCedar(rule)]));
  const answer = host.preparsePolicySet(setName, JSON.stringify({ staticPolicies }));
  if (!answer.includes('"success"')) throw new Error(`Cedar refused the policies: ${answer}`);
}

function makeCall({ person, groups, tool, amount, hour }: BenchRequest): object {
  const principal = { type: 'Person', id: person };
  return {
    preparsedPolicySetId: setName,
    principal,
    action: { type: 'Action', id: tool },
    resource: { type: 'Tool', id: tool },
    context: { input: { amount }, usage: { hour } },
    entities: [{ uid: principal, attrs: {}, parents: groups.map((id) => ({ type: 'Group', id })) }],
  };
}
