// casbin with the same rules as lines of its own model: teams as roles, limits as intervals, forbids override.
import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { Rule } from '../workload/policies.ts';
import type { BenchRequest } from '../workload/requests.ts';
import type { Contender } from './contender.ts';

// The cheap comparisons come first: this is the order that suits casbin best.
const model = `
[request_definition]
r = sub, act, amount, hour

[policy_definition]
p = sub, act, amount_above, amount_max, hour_above, eft

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = (p.act == "*" || r.act == p.act) && r.hour > p.hour_above && r.amount > p.amount_above && \
r.amount <= p.amount_max && (p.sub == "*" || g(r.sub, p.sub))
`;

const beyondAll = 1_000_000_000;

export const casbin: Contender = {
  name: 'casbin',
  prepare: async (rules, requests) => {
    const lines = [...rules.map(writeLine), ...requests.flatMap(writeRoles)];
    const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter(lines.join('\n')));
    const asked = requests.map(({ person, tool, amount, hour }) => [person, tool, amount, hour] as const);
    return {
      decide: (at) => enforcer.enforceSync(...(asked[at] ?? [])),
      close: () => {
        enforcer.clearPolicy();
      },
    };
  },
};

function writeLine({ effect, scope, condition }: Rule): string {
  const { number, is, limit } = condition;
  const above = (of: typeof number): number => (number === of && is === '>' ? limit : -1);
  const amountMax = number === 'amount' && is === '<=' ? limit : beyondAll;
  const eft = effect === 'permit' ? 'allow' : 'deny';
  const who = [scope?.team ?? '*', scope?.tool ?? '*'];
  return ['p', ...who, above('amount'), amountMax, above('hour'), eft].join(', ');
}

function writeRoles({ person, groups }: BenchRequest): string[] {
  return groups.map((group) => `g, ${person}, ${group}`);
}
