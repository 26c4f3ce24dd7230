import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '@cardea/engine';
import fc from 'fast-check';
import { writeDecision } from './decision.ts';
import { writeDecisionText } from './decisionText.ts';

const text = fc.string({ unit: 'binary' });
const reasons = fc.array(
  fc.record({ policy: text, effect: fc.constantFrom('permit' as const, 'forbid' as const), message: text }),
);
const common = { reasons, dependsOn: fc.array(text) };
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.record({ kind: fc.constant('allow' as const), ...common }),
  fc.record({ kind: fc.constant('deny' as const), code: fc.constant('forbidden' as const), ...common }),
  fc.record({ kind: fc.constant('hold' as const), approvers: fc.array(text), ...common }),
  fc.record({
    kind: fc.constant('needs' as const),
    families: fc.array(text),
    dependsOn: common.dependsOn,
  }),
);

describe('writeDecisionText', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(verdict, text, fc.nat(), fc.boolean(), (one, decisionId, nowMs, isKeepable) => {
        const decision = writeDecision(one, { bundle: 'sha256:00', decisionId, nowMs, isKeepable });
        expect(writeDecisionText(decision)).toBe(JSON.stringify(decision));
        // The second time its lists are known.
        expect(writeDecisionText(decision)).toBe(JSON.stringify(decision));
      }),
    );
  });
});
