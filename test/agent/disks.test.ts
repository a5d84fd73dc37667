import { describe, expect, it } from 'vitest';
import { chooseDisks, doubtKey, plannedDisk } from '../../agent/disks.ts';
import { Failure } from '../../agent/failure.ts';
import { nextQuestion } from '../../agent/questions.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { Disk } from '../../src/contract/disk.ts';
import type { PlanFacts } from '../../src/contract/plan.ts';

function disk(
  kernelName: string,
  changes: Partial<Disk['identity']> & { sizeBytes?: number; unusable?: string } = {},
): Disk {
  const { sizeBytes = 1024, unusable = null, ...identity } = changes;
  return {
    kernelName,
    identity: { wwn: null, model: null, serial: null, path: null, ...identity },
    sizeBytes,
    sectorSizeBytes: 512,
    unusable,
  };
}

function plan(disks: Disk[], changes: Partial<PlanFacts> = {}): PlanFacts {
  return {
    version: 1,
    action: 'backup-again',
    testbox: { name: 'b', address: TestboxAddress.parse('10.40.41.42'), mac: null, uuid: null },
    firstContact: false,
    disks: disks.map(({ unusable: _unusable, ...planned }) => ({
      slot: planned.kernelName,
      disk: planned,
      image: null,
    })),
    onlySlots: null,
    currentGeneration: null,
    bootConfig: '',
    rebootMethod: 'ssh',
    ...changes,
  };
}

const codeOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
};

describe('the disks of a plan', () => {
  it('are found by WWN whatever the kernel calls them today', () => {
    const [a, b] = [disk('sda', { wwn: 'naa.1' }), disk('sdb', { wwn: 'naa.2' })];
    const swapped = [
      { ...a, kernelName: 'sdb' },
      { ...b, kernelName: 'sda' },
    ] as Disk[];

    const { targets, doubts } = chooseDisks(plan([a, b] as Disk[]), swapped, null);

    expect(targets.map(({ slot, disk: found }) => [slot, found.kernelName])).toEqual([
      ['sda', 'sdb'],
      ['sdb', 'sda'],
    ]);
    expect(doubts).toEqual([]);
  });

  it('never include one that another slot claims with certainty', () => {
    const [a, b] = [disk('sda', { wwn: 'naa.1' }), disk('sdb', { wwn: 'naa.2' })] as [Disk, Disk];

    expect(codeOf(() => chooseDisks(plan([a, b]), [{ ...b, kernelName: 'sda' }], null))).toBe('disk-missing');
  });

  it('leave out disks that are not in the plan', () => {
    const a = disk('sda', { wwn: 'naa.1' });

    const { targets, leftOut } = chooseDisks(plan([a]), [a, disk('sdb', { wwn: 'naa.9' })], null);

    expect(targets).toHaveLength(1);
    expect(leftOut.map(({ kernelName }) => kernelName)).toEqual(['sdb']);
  });

  it.each([
    [
      'two nodes with one WWN',
      [disk('sda', { wwn: 'naa.1' }), disk('sdb', { wwn: 'naa.1' })],
      'disk-doubled',
    ],
    ['a disk that is mounted', [disk('sda', { wwn: 'naa.1', unusable: 'mounted' })], 'disk-busy'],
    ['no disk at all', [], 'disk-missing'],
  ])('refuse %s', (_what, present, code) => {
    expect(codeOf(() => chooseDisks(plan([disk('sda', { wwn: 'naa.1' })]), present, null))).toBe(code);
  });

  it('are those found at a first contact, as far as the restrictions go', () => {
    const present = [disk('sda'), disk('sdb'), disk('sdc'), disk('sdd', { unusable: 'USB' })];
    const first = plan([], { firstContact: true, onlySlots: ['sda', 'sdb', 'sdd'] });

    const { targets } = chooseDisks(first, present, ['sdb', 'sdc']);

    expect(targets.map(({ slot }) => slot)).toEqual(['sdb']);
    expect(codeOf(() => chooseDisks(first, [], null))).toBe('no-disks');
  });
});

describe('a question', () => {
  const old = disk('sda', { wwn: 'naa.1', path: 'ata-1' });
  const other = disk('sda', { wwn: 'naa.2', path: 'ata-1' });
  const none = () => ({ questions: new Set<string>(), doubts: new Set<string>() });
  const ask = (about: PlanFacts, present: Disk[], accepted = none(), attempt = 1) =>
    nextQuestion({ plan: about, attempt, uuid: null, choice: chooseDisks(about, present, null), accepted });

  it('is asked when another disk is in the place of the planned one', () => {
    const asked = ask(plan([old]), [other]);

    expect(asked?.question).toMatchObject({
      kind: 'disk-replaced',
      facts: { disks: [{ slot: 'sda', disk: { identity: { wwn: 'naa.2' } } }] },
    });
  });

  it('is asked when the size of a disk changed', () => {
    expect(ask(plan([old]), [{ ...old, sizeBytes: 2048 }])?.question.kind).toBe('disk-doubtful');
  });

  it('is settled by its id, and by the plan that came of it', () => {
    const asked = ask(plan([old]), [other]);
    if (asked === undefined) throw new Error('expected a question');

    expect(
      ask(plan([old]), [other], { questions: new Set([asked.question.id]), doubts: new Set() }),
    ).toBeUndefined();
    expect(ask(asked.question.facts, [other])).toBeUndefined();
  });

  it('has another id in another attempt', () => {
    expect(ask(plan([old]), [other])?.question.id).not.toBe(
      ask(plan([old]), [other], none(), 2)?.question.id,
    );
  });

  it('about a kernel name that alone fits is asked once, not for ever', () => {
    const present = [disk('sda'), disk('sdb')];
    const about = plan([disk('sda')]);
    const asked = ask(about, present);

    expect(asked?.question.kind).toBe('disk-doubtful');
    expect(ask(about, present, { questions: new Set(), doubts: new Set(asked?.settles) })).toBeUndefined();
    expect(asked?.settles).toEqual(
      chooseDisks(about, present, null).targets.map((target) => doubtKey(plannedDisk(target))),
    );
  });
});
