import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry, Commit, JobStore } from '../../src/app/store.ts';
import { JobId } from '../../src/contract/ids.ts';
import type { Job } from '../../src/domain/job.ts';
import { NOW, restoreJob } from '../fakes/job.ts';
import { stored } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';

export interface OpenedStore {
  store: JobStore;
  /** A second bot on the same data. */
  other: JobStore;
  close(): Promise<void>;
}

const audit: AuditEntry = {
  at: NOW,
  jobId: restoreJob().id,
  testbox: PLUTO,
  actor: stored('alice'),
  event: 'confirmed',
  fromState: 'planned',
  toState: 'queued',
  detail: { digest: 'x' },
};

function change(before: Job, changes: Partial<Job>, effects: Commit['effects'] = []): Commit {
  return {
    before,
    after: { ...before, ...changes, version: before.version + 1 },
    audit: { ...audit, jobId: before.id },
    effects,
  };
}

/** What every database has to keep. */
export function jobStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`jobs on ${name}`, () => {
    let opened: OpenedStore;
    let store: JobStore;
    const job = restoreJob();

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      await store.create(job, audit);
    });

    afterEach(() => opened.close());

    it('read back as they were written', async () => {
      expect(await store.job(job.id)).toEqual(job);
      expect(await store.plannedJobs()).toEqual([job]);
      expect(await store.job(JobId.parse('00000000'))).toBeNull();
    });

    it('change for the first of two who saw the same version', async () => {
      const first = change(job, { state: 'queued' }, [{ kind: 'card' }]);

      expect(await store.commit(first)).toBe('committed');
      expect(await opened.other.commit(change(job, { state: 'cancelled' }, [{ kind: 'disarm' }]))).toBe(
        'conflict',
      );
      expect((await store.job(job.id))?.state).toBe('queued');
      expect((await store.owedEffects()).map(({ effect }) => effect.kind)).toEqual(['card']);
    });

    it('hold their box: a second active one is refused, and nothing of it is written', async () => {
      const second = { ...job, id: JobId.parse('22222222') };
      await store.create(second, { ...audit, jobId: second.id });
      await store.commit(change(job, { state: 'queued' }));

      const refused = await opened.other.commit(change(second, { state: 'queued' }, [{ kind: 'card' }]));

      expect(refused).toBe('box-busy');
      expect((await store.job(second.id))?.state).toBe('planned');
      expect(await store.owedEffects()).toEqual([]);
      expect((await store.activeJob(PLUTO))?.id).toBe(job.id);
      await store.commit(change({ ...job, version: 2, state: 'queued' }, { state: 'cancelled' }));
      expect(await store.commit(change(second, { state: 'queued' }))).toBe('committed');
    });

    it('owe effects in order, until they are settled', async () => {
      await store.commit(change(job, { state: 'queued' }, [{ kind: 'arm' }, { kind: 'card' }]));
      await store.commit(change({ ...job, version: 2 }, { state: 'arming' }, [{ kind: 'reboot' }]));
      const owed = await store.owedEffects();
      expect(owed.map(({ effect }) => effect.kind)).toEqual(['arm', 'card', 'reboot']);

      await store.postpone(owed[1]?.id ?? '', { dueAt: NOW + 5000, error: 'away' });
      await store.settle([owed[0]?.id ?? ''], NOW);

      expect(
        (await opened.other.owedEffects()).map(({ effect, tries, dueAt }) => [effect.kind, tries, dueAt]),
      ).toEqual([
        ['card', 1, NOW + 5000],
        ['reboot', 0, NOW],
      ]);
    });

    it('have their audit trail, with the actor and in order', async () => {
      await store.commit(change(job, { state: 'queued' }));
      await store.commit(change({ ...job, version: 2 }, { state: 'arming' }));

      const rows = await store.audits({ jobId: job.id });

      expect(rows).toHaveLength(3);
      expect(rows[0]).toEqual(audit);
    });

    it('keep what was heard and seen with the change it belongs to', async () => {
      const hearing = { session: 's', lastSequence: 4, lastHeardAt: NOW, progress: [], log: ['a line'] };
      const hardware = { uuid: null, macs: ['52:54:00:00:00:42'], disks: [], slots: {}, seenAt: NOW };

      await store.commit({ ...change(job, { state: 'queued' }), hearing, hardware });

      expect(await store.hearing(job.id)).toEqual(hearing);
      expect(await store.hardware(PLUTO)).toEqual(hardware);
    });

    it('are found by when they ended, the first one at the front', async () => {
      const other = { ...job, id: JobId.parse('55555555') };
      await store.create(other, { ...audit, jobId: other.id });
      await store.commit(change(other, { state: 'failed', stateSince: NOW + 2 }));
      await store.commit(change(job, { state: 'queued', stateSince: NOW + 5 }));
      expect((await store.endedSince(NOW)).map(({ id }) => id)).toEqual([other.id]);

      await store.commit(change({ ...job, version: 2 }, { state: 'cancelled', stateSince: NOW + 1 }));

      expect((await opened.other.endedSince(NOW + 1)).map(({ id }) => id)).toEqual([job.id, other.id]);
      expect((await store.endedSince(NOW + 2)).map(({ id }) => id)).toEqual([other.id]);
      expect(await store.endedSince(NOW + 3)).toEqual([]);
    });

    it('are listed newest first, without plans that nobody confirmed', async () => {
      const newer = { ...job, id: JobId.parse('33333333'), createdAt: NOW + 1 };
      await store.create(newer, { ...audit, jobId: newer.id });
      await store.commit(change(job, { state: 'cancelled' }));
      await store.commit(change(newer, { state: 'queued' }));
      await store.create(
        { ...job, id: JobId.parse('44444444') },
        { ...audit, jobId: JobId.parse('44444444') },
      );

      expect((await store.recentJobs(PLUTO, 10)).map(({ id }) => id)).toEqual(['33333333', job.id]);
    });
  });

  describe(`jobs by who asked for them, on ${name}`, () => {
    it('are listed newest first, whatever became of them, without plans that wait', async () => {
      const { store, other, close } = await open();
      const made = async (id: string, changes: Partial<Job>) => {
        const job = restoreJob({ id: JobId.parse(id), ...changes });
        await store.create(job, { ...audit, jobId: job.id });
        return job;
      };
      const old = await made('11111111', { createdAt: NOW - 2 });
      const queued = await made('22222222', { createdAt: NOW - 1 });
      const others = await made('33333333', { requester: stored('carol') });
      await made('44444444', {});
      await store.commit(change(old, { state: 'failed' }));
      await store.commit(change(queued, { state: 'queued' }));
      await store.commit(change(others, { state: 'cancelled' }));

      const ids = async (key: string, limit: number) => (await other.jobsOf(key, limit)).map(({ id }) => id);

      expect(await ids('alice', 10)).toEqual([queued.id, old.id]);
      expect(await ids('alice', 1)).toEqual([queued.id]);
      expect(await ids('carol', 10)).toEqual([others.id]);
      expect(await ids('nobody', 10)).toEqual([]);
      await close();
    });
  });

  describe(`the bot's own rows on ${name}`, () => {
    it('are one server key for all bots, locks, and the time it was alive', async () => {
      const { store, other, close } = await open();

      expect(await store.serverKey(() => 'first')).toBe('first');
      expect(await other.serverKey(() => 'second')).toBe('first');
      expect(await store.lastAlive()).toBeNull();
      await store.setAlive(NOW);
      await other.setAlive(NOW + 1);
      expect(await store.lastAlive()).toBe(NOW + 1);
      const lock = { by: stored('alice'), at: NOW, reason: 'firmware' };
      await store.setLock(PLUTO, lock);
      expect(await other.lock(PLUTO)).toEqual(lock);
      await store.setLock(PLUTO, null);
      expect(await other.lock(PLUTO)).toBeNull();
      await close();
    });
  });
}
