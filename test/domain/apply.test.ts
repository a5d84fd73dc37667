import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Nonce } from '../../src/contract/ids.ts';
import { apply } from '../../src/domain/apply.ts';
import type { JobEvent, JobEventType } from '../../src/domain/events.ts';
import { isActive, isEnded, JOB_STATES, type Job, wantsBootConfig } from '../../src/domain/job.ts';
import { DEFAULT_DEADLINES } from '../../src/domain/testbox.ts';
import { TRANSITIONS } from '../../src/domain/transitions.ts';
import { BOOT_B, NOTES, NOW, restoreJob } from '../fakes/job.ts';
import { stored } from '../fakes/people.ts';
import { restorePlan } from '../fakes/plan.ts';

const MOMENT = { now: NOW + 1000, deadlines: DEFAULT_DEADLINES };
const question = {
  id: 'c'.repeat(64),
  kind: 'disk-replaced',
  text: 'Another disk?',
  before: 'old',
  now: 'new',
  facts: restorePlan({ onlySlots: ['sda'] }),
} as const;
const failure = { class: 'box', code: 'write-failed', message: 'EIO', logTail: [] } as const;
const nonce = Nonce.parse('2'.repeat(32));
const job = restoreJob();
const facts = { plan: job.plan, digest: job.digest, notes: NOTES };

const EVENTS: { [K in JobEventType]: readonly Extract<JobEvent, { type: K }>[] } = {
  replanned: [{ type: 'replanned', ...facts }],
  confirmed: [{ type: 'confirmed', by: stored('alice'), digest: job.digest, channel: 'lab' }],
  approved: ['alice', 'bob', 'carol'].map((name) => ({
    type: 'approved',
    by: stored(name),
    digest: job.digest,
  })),
  denied: [{ type: 'denied', by: stored('bob'), reason: 'busy' }],
  cancelled: [true, false].map((despiteDirty) => ({ type: 'cancelled', by: stored('alice'), despiteDirty })),
  retried: [{ type: 'retried', by: stored('alice') }],
  'sent-to-local-disk': [{ type: 'sent-to-local-disk', by: stored('alice') }],
  'question-accepted': [{ type: 'question-accepted', by: stored('alice'), question: question.id }],
  rescued: [{ type: 'rescued', by: stored('alice') }],
  released: [{ type: 'released', by: stored('alice') }],
  'power-asked': [
    { type: 'power-asked', by: stored('alice') },
    { type: 'power-asked', by: null },
  ],
  'power-begun': [{ type: 'power-begun' }],
  'power-ended': (['done', 'failed', 'unknown'] as const).map((outcome) => ({
    type: 'power-ended',
    outcome,
    why: null,
  })),
  'went-down': [{ type: 'went-down' }],
  'turn-came': [{ type: 'turn-came', nonce, facts, approvalMaxAgeMs: 3_600_000 }],
  armed: [{ type: 'armed' }],
  'arming-refused': [{ type: 'arming-refused', code: 'boot-config-refused', why: 'foreign' }],
  'boot-id-seen': [{ type: 'boot-id-seen', bootId: BOOT_B, hostKey: 'ssh-ed25519 AAAA' }],
  'reboot-issued': [{ type: 'reboot-issued' }],
  'reboot-failed': [{ type: 'reboot-failed', why: 'refused' }],
  disarmed: [{ type: 'disarmed' }],
  rotated: [{ type: 'rotated' }],
  'booted-own-disk': [{ type: 'booted-own-disk', bootId: BOOT_B }],
  back: [{ type: 'back' }],
  overrun: [{ type: 'overrun' }],
  'deadline-moved': [{ type: 'deadline-moved', byMs: 5000 }],
  'hello-new-boot': [
    { type: 'hello-new-boot', bootId: BOOT_B, session: 's', nonce, maxAttempts: 3, sshFingerprints: [] },
    {
      type: 'hello-new-boot',
      bootId: BOOT_B,
      session: 's',
      nonce: null,
      maxAttempts: 3,
      sshFingerprints: [],
    },
  ],
  'hello-again': [{ type: 'hello-again', session: 's2', sshFingerprints: [] }],
  'two-boots-alive': [{ type: 'two-boots-alive', bootId: BOOT_B }],
  'called-from-elsewhere': [
    { type: 'called-from-elsewhere', address: '10.40.41.99', expected: '10.40.41.42' },
  ],
  'heard-again': [{ type: 'heard-again' }],
  'phase-entered': [{ type: 'phase-entered', phase: 'imaging' }],
  'agent-warned': [{ type: 'agent-warned', message: 'the clock was wrong' }],
  'disk-dirty': [{ type: 'disk-dirty', slot: 'sda' }],
  'disk-clean': [{ type: 'disk-clean', slot: 'sda', because: 'verified' }],
  'question-asked': [{ type: 'question-asked', question }],
  'agent-stopped': [{ type: 'agent-stopped' }],
  'agent-failed': [{ type: 'agent-failed', failure }],
  'agent-done': [{ type: 'agent-done', result: { generation: null, disks: [], durationMs: 1 } }],
};
const everyEvent: readonly JobEvent[] = Object.values(EVENTS).flat();

const someJob: fc.Arbitrary<Job> = fc
  .record({
    state: fc.constantFrom(...JOB_STATES),
    dirty: fc.constantFrom([], ['sda'], ['sda', 'sdb']),
    attempt: fc.nat(4),
    approvalsNeeded: fc.nat(2),
    confirmedDigest: fc.constantFrom(null, job.digest),
    question: fc.constantFrom(null, question),
    accepted: fc.constantFrom([], [question.id]),
    disarmed: fc.boolean(),
    rebootIssued: fc.boolean(),
    deadline: fc.option(fc.record({ at: fc.constant(NOW), overruns: fc.nat(3) })),
  })
  .map(restoreJob);
const someEvent = fc.constantFrom(...everyEvent);

describe('every state and every event', () => {
  it('lead only where the table says, one version on, and a refusal changes nothing', () => {
    for (const state of JOB_STATES) {
      for (const event of everyEvent) {
        const before = restoreJob({ state, question });
        const applied = apply(before, event, MOMENT);
        const targets = TRANSITIONS[event.type][state];

        if (targets === undefined) expect(applied).toEqual({ kind: 'refused', why: 'not-in-this-state' });
        if (applied.kind !== 'changed') continue;
        expect(targets).toContain(applied.job.state);
        expect(applied.job.version).toBe(before.version + 1);
      }
    }
  });

  it('always give the same answer, and leave the job they were given alone', () => {
    fc.assert(
      fc.property(someJob, someEvent, (before, event) => {
        const copy = structuredClone(before);

        expect(apply(before, event, MOMENT)).toEqual(apply(before, event, MOMENT));
        expect(before).toEqual(copy);
      }),
    );
  });

  it('let an ended job end for ever', () => {
    fc.assert(
      fc.property(someJob, someEvent, (before, event) => {
        fc.pre(isEnded(before.state));
        const applied = apply(before, event, MOMENT);

        expect(applied.kind === 'refused' || applied.job.state === before.state).toBe(true);
      }),
    );
  });
});

describe('a job with a half-written disk', () => {
  const byItself = everyEvent.filter((event) => !('by' in event) || event.by === null);

  it('is never sent to its local disk, or ended, by anything but a person or a verified disk', () => {
    fc.assert(
      fc.property(someJob, fc.array(fc.constantFrom(...byItself), { maxLength: 12 }), (start, events) => {
        // No disk is dirty before the first hello.
        fc.pre(start.dirty.length > 0 && wantsBootConfig(start) && start.state !== 'arming');
        let now = start;
        for (const event of events) {
          // The agent says `done`, `stopped` after a cancel, only once its disks are clean.
          if (event.type === 'disk-clean' || event.type === 'agent-done') continue;
          const applied = apply(now, event, MOMENT);
          if (applied.kind !== 'changed') continue;
          expect(applied.effects.map(({ kind }) => kind)).not.toContain('disarm');
          now = applied.job;
        }
        expect(isActive(now.state)).toBe(true);
        expect(now.state).not.toBe('returning');
      }),
      { numRuns: 500 },
    );
  });

  it('asks again before it is cancelled, and then stays in the maintenance system', () => {
    const running = restoreJob({ state: 'running', dirty: ['sda'] });

    const first = apply(running, { type: 'cancelled', by: stored('alice'), despiteDirty: false }, MOMENT);
    const second = apply(running, { type: 'cancelled', by: stored('alice'), despiteDirty: true }, MOMENT);
    const stopped = second.kind === 'changed' ? apply(second.job, { type: 'agent-stopped' }, MOMENT) : second;

    expect(first).toEqual({ kind: 'refused', why: 'dirty' });
    expect(second).toMatchObject({ job: { state: 'cancelling' } });
    expect(stopped).toMatchObject({ job: { state: 'stopped' } });
  });
});

describe('approval', () => {
  const waiting = restoreJob({ state: 'awaiting-approval', confirmedDigest: job.digest });
  const approve = (name: string, on = waiting) =>
    apply(on, { type: 'approved', by: stored(name), digest: on.digest }, MOMENT);

  it('never counts from the requester', () => {
    expect(approve('alice')).toEqual({ kind: 'refused', why: 'requester' });
  });

  it('queues the job once enough others have given it, each counted once', () => {
    const two = { ...waiting, approvalsNeeded: 2 };
    const first = approve('bob', two);
    if (first.kind !== 'changed') throw new Error('refused');

    expect(first.job.state).toBe('awaiting-approval');
    expect(approve('bob', first.job)).toEqual({ kind: 'refused', why: 'already-approved' });
    expect(approve('carol', first.job)).toMatchObject({ job: { state: 'queued' } });
  });

  it('is for one digest: a changed plan needs Confirm and all approvals again', () => {
    const replanned = apply(
      { ...waiting, approvalsNeeded: 1 },
      { type: 'replanned', plan: restorePlan({ onlySlots: ['sda'] }), digest: 'd'.repeat(64), notes: NOTES },
      MOMENT,
    );
    if (replanned.kind !== 'changed') throw new Error('refused');
    const approved = approve('bob', replanned.job);

    expect(approved).toMatchObject({ kind: 'changed', job: { state: 'awaiting-approval' } });
    expect(apply(waiting, { type: 'approved', by: stored('bob'), digest: 'd'.repeat(64) }, MOMENT)).toEqual({
      kind: 'refused',
      why: 'plan-changed',
    });
  });

  it('grows old while the job is queued', () => {
    const approvals = [{ by: stored('bob'), at: NOW - 3_600_001, digest: job.digest }];
    const queued = restoreJob({ state: 'queued', confirmedDigest: job.digest, approvals });
    const turn = (approvalMaxAgeMs: number) =>
      apply(queued, { type: 'turn-came', nonce, facts, approvalMaxAgeMs }, MOMENT);

    expect(turn(3_600_000)).toMatchObject({
      job: { state: 'awaiting-approval', approvals: [] },
      effects: expect.arrayContaining([{ kind: 'notice', notice: { about: 'approval-aged' } }]),
    });
    expect(turn(7_200_000)).toMatchObject({ job: { state: 'arming', nonceNext: nonce } });
  });
});

describe('boots of the maintenance system', () => {
  const booted = (attempt: number) =>
    apply(
      restoreJob({ state: 'booting', attempt }),
      { type: 'hello-new-boot', bootId: BOOT_B, session: 's', nonce, maxAttempts: 3, sshFingerprints: [] },
      MOMENT,
    );

  it('are counted, and the nonce is used once', () => {
    const applied = booted(0);

    expect(applied).toMatchObject({
      job: {
        state: 'running',
        attempt: 1,
        nonceBoot: job.nonceNext,
        nonceNext: nonce,
        rotationOwed: true,
        bootIds: [BOOT_B],
      },
    });
  });

  it('stop at the limit, and a Retry gives a fresh count', () => {
    const stopped = booted(3);
    if (stopped.kind !== 'changed') throw new Error('refused');
    const retried = apply(stopped.job, { type: 'retried', by: stored('alice') }, MOMENT);

    expect(stopped.job.state).toBe('stopped');
    expect(retried).toMatchObject({ job: { state: 'booting', attempt: 4, attemptBase: 4 } });
  });
});

describe('a deadline', () => {
  it.each([
    ['rebooting', 'rebooting', 'needs-hands'],
    ['booting', 'booting', 'needs-hands'],
    ['running', 'running', 'needs-hands'],
    ['awaiting-approval', 'awaiting-approval', 'expired'],
    ['arming', 'arming', 'failed'],
    ['returning', 'returning', 'failed'],
    ['needs-hands', 'needs-hands', 'failed'],
    ['held', 'held', 'stopped'],
    ['stopped', 'stopped', 'stopped'],
    ['in-rescue', 'in-rescue', 'in-rescue'],
    ['cancelling', 'cancelling', 'cancelling'],
  ] as const)(
    'of %s is told at the first overrun (%s) and acts at the second (%s)',
    (state, first, second) => {
      const once = apply(
        restoreJob({ state, deadline: { at: NOW, overruns: 0 } }),
        { type: 'overrun' },
        MOMENT,
      );
      if (once.kind !== 'changed') throw new Error('refused');
      const twice = apply(once.job, { type: 'overrun' }, MOMENT);

      expect(once.job.state).toBe(first);
      expect(once.effects.some(({ kind }) => kind === 'notice')).toBe(true);
      expect(twice).toMatchObject({ kind: 'changed', job: { state: second } });
    },
  );
});
