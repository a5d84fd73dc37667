import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, PlanFacts, planDigest } from '../../src/contract/plan.ts';
import { restorePlan } from '../fakes/plan.ts';

describe('the digest of a plan', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());

        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is the same after a journey through JSON', () => {
    const plan = restorePlan();

    expect(planDigest(PlanFacts.parse(JSON.parse(JSON.stringify(plan))))).toBe(planDigest(plan));
  });

  it.each([
    ['another disk', (plan: PlanFacts) => ({ ...plan, disks: [] })],
    ['another box', (plan: PlanFacts) => ({ ...plan, testbox: { ...plan.testbox, name: 'venus' } })],
    ['another action', (plan: PlanFacts) => ({ ...plan, action: 'backup' as const })],
    ['another boot config', (plan: PlanFacts) => ({ ...plan, bootConfig: 'x' })],
  ])('changes with %s', (_what, change) => {
    const plan = restorePlan();

    expect(planDigest(change(plan))).not.toBe(planDigest(plan));
  });
});
