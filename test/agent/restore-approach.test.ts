import { expect, it } from 'vitest';
import { describeApproach } from '../../agent/actions/restore-approach.ts';
import type { ApproachOutcome } from '../../agent/imaging/approach.ts';

const NOTHING: ApproachOutcome = {
  comparedBytes: 0,
  equalBytes: 0,
  blindBytes: 0,
  zeroedBytes: 0,
  rewrittenBytes: 0,
  avoidedRegions: 0,
  savedMs: 0,
};

function told(outcome: Partial<ApproachOutcome>): string {
  return describeApproach('sda', { ...NOTHING, ...outcome });
}

it('tells of a disk that was nearly right', () => {
  expect(told({ comparedBytes: 500e9, equalBytes: 495e9, savedMs: 1_200_400 })).toBe(
    "500.0 GB of sda were compared first, of which 495.0 GB were right already. Comparing saved about 1200 s of one core's work.",
  );
});

it('tells of a disk that held other data', () => {
  expect(told({ comparedBytes: 96e6, blindBytes: 400e9, zeroedBytes: 100e9, savedMs: -900 })).toBe(
    '96 MB of sda were compared first, and held other data; 400.0 GB were written at once, as comparing would not have paid. 100.0 GB were made zero without sending zeros.',
  );
});

it('tells of a disk that was trimmed first', () => {
  expect(told({ blindBytes: 500e9 })).toBe('All of sda was written without comparing.');
});

it('tells of a disk whose health should be looked at', () => {
  expect(told({ comparedBytes: 4e9, equalBytes: 4e9, avoidedRegions: 1, rewrittenBytes: 4.2e6 })).toBe(
    '4.0 GB of sda were compared first, of which 4.0 GB were right already. In 1 place the disk could not be read, or very slowly, and was written without comparing: look at its health. 4.2 MB were written twice, as the disk gave back something else the first time: look at its health.',
  );
});
