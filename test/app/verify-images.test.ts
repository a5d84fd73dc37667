import { beforeEach, describe, expect, it } from 'vitest';
import { pruneImages } from '../../src/app/prune-images.ts';
import { verifyImages } from '../../src/app/verify-images.ts';
import { explainPlanRefusal } from '../../src/domain/explain.ts';
import type { TestApp } from '../fakes/app.ts';
import { catalogOf, generation } from '../fakes/catalog.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { PLUTO } from '../fakes/plan.ts';
import { requestOf } from '../fakes/start-job.ts';

let app: TestApp;
let lab: Conversation;

beforeEach(async () => {
  lab = await converse();
  app = lab.app;
  app.share.catalogs.set(PLUTO, catalogOf([generation(1), generation(2), generation(3)]));
});

describe('images that were read through', () => {
  it('are told with their proof in the plan and in the list', async () => {
    expect((await lab.say('images pluto')).text()).toContain(
      '● generation 3: 19 d ago, sda 3.8 MiB, never proved',
    );
    await verifyImages(app, { address: PLUTO, generations: [3] });
    app.clock.advance(2 * 60 * 60_000);

    const list = (await lab.say('images pluto')).text();
    expect(list).toContain('● generation 3: 19 d ago, sda 3.8 MiB, proved 2 h ago');
    expect(list).toContain('○ generation 2: 20 d ago, sda 3.8 MiB, never proved');
    expect((await lab.say('restore pluto')).text()).toContain('image sda: 19 d ago, 3.8 MiB, proved 2 h ago');
  });

  it('are never restored when they are damaged, whether asked for or not; the way out is named', async () => {
    app.share.damaged.set(3, 'chunk 7 of sda.raw.gz is damaged');
    await verifyImages(app, { address: PLUTO, generations: null });

    for (const asOf of [null, 3]) {
      const refused = await requestOf(app, { asOf, from: null });
      if (refused.kind !== 'refused') throw new Error(refused.kind);
      expect(explainPlanRefusal(refused.why, 'pluto')).toBe(
        'Generation 3 of pluto can not be restored: chunk 7 of sda.raw.gz is damaged. Nothing was touched. There is 2 (of 2026-11-02 10:00 UTC), 1 (of 2026-11-01 10:00 UTC): `/testbox restore pluto as-of:2`.',
      );
    }
    expect(await requestOf(app, { asOf: 2, from: null })).toMatchObject({ kind: 'planned' });
    expect((await lab.say('backup-again pluto')).text()).toContain('Plan: backup-again pluto. Confirm?');
    const list = (await lab.say('images pluto')).text();
    expect(list).toContain('● generation 3: 19 d ago, sda 3.8 MiB, ⚠ chunk 7 of sda.raw.gz is damaged');
    expect(list).toContain('To restore: `/testbox restore pluto as-of:2` takes generation 2');
  });

  it('count as never read once another image is in their place', async () => {
    await verifyImages(app, { address: PLUTO, generations: [3] });
    const other = { ...generation(3), manifest: generation(4).manifest };
    app.share.catalogs.set(PLUTO, catalogOf([generation(1), other]));

    expect((await lab.say('images pluto')).text()).toContain('never proved');
  });

  it('keep everything from being pruned when the current one is damaged', async () => {
    app.share.damaged.set(3, 'it is damaged');
    await verifyImages(app, { address: PLUTO, generations: [3] });

    expect(await pruneImages(app, { address: PLUTO, keep: 1, dryRun: false })).toEqual({
      removed: [],
      problem: 'it is damaged',
    });
    expect(app.share.pruned).toEqual([]);
  });
});

describe('an image that several generations have', () => {
  it('is read once, and known of all of them', async () => {
    const { manifest } = generation(1);
    if (manifest === null) throw new Error('no manifest');
    const linked = { generation: 2, problem: null, manifest: { ...manifest, generation: 2 } };
    app.share.catalogs.set(PLUTO, catalogOf([generation(1), linked]));

    expect(await verifyImages(app, { address: PLUTO, generations: null })).toHaveLength(2);
    expect(app.share.verified).toEqual([{ generation: 2, slot: 'sda' }]);
    expect(await app.verifications.of(PLUTO)).toMatchObject([{ generation: 1 }, { generation: 2 }]);
  });
});

describe('an image that a later generation has, too', () => {
  beforeEach(() => {
    const { manifest } = generation(1);
    if (manifest === null) throw new Error('no manifest');
    const linked = { generation: 2, problem: null, manifest: { ...manifest, generation: 2 } };
    app.share.catalogs.set(PLUTO, catalogOf([generation(1), linked]));
  });

  it('is known there by what was found of it before', async () => {
    await verifyImages(app, { address: PLUTO, generations: [1] });

    expect((await lab.say('images pluto')).text()).toContain(
      '● generation 2: 21 d ago, sda 3.8 MiB, proved just now',
    );
  });

  it('keeps what is older from being pruned when it is damaged, and is not restored', async () => {
    app.share.damaged.set(1, 'it is damaged');
    await verifyImages(app, { address: PLUTO, generations: [1] });

    expect(await requestOf(app, { asOf: 2, from: null })).toMatchObject({ kind: 'refused' });
    expect(await pruneImages(app, { address: PLUTO, keep: 1, dryRun: false })).toEqual({
      removed: [],
      problem: 'it is damaged',
    });
    expect(app.share.pruned).toEqual([]);
  });

  it('counts as it was found last', async () => {
    app.share.damaged.set(1, 'the disk of the server was away');
    await verifyImages(app, { address: PLUTO, generations: [1] });
    app.share.damaged.clear();
    app.clock.advance(1_000);
    await verifyImages(app, { address: PLUTO, generations: [2] });

    expect(await requestOf(app, { asOf: 1, from: null })).toMatchObject({ kind: 'planned' });
  });
});

describe('pruning', () => {
  it('is told which generations are damaged, for they count for nothing', async () => {
    app.share.damaged.set(2, 'it is damaged');
    await verifyImages(app, { address: PLUTO, generations: null });
    await pruneImages(app, { address: PLUTO, keep: 2, dryRun: false });

    expect(app.share.pruned).toMatchObject([{ proved: 3, keep: 2, named: [], damaged: [2] }]);
  });
});

describe('verify <box>', () => {
  it('says that it takes its time, and then what it has found', async () => {
    app.share.damaged.set(2, 'chunk 7 of sda.raw.gz is damaged');
    const { seen } = await lab.say('verify pluto');

    expect(seen.map(({ text }) => text)).toEqual([
      'Reading the images of pluto through (11 MiB). The result comes here, or in a direct message when it takes more than 2 minutes; `/testbox images pluto` shows it too.',
      '1 of 3 images of pluto is damaged: no restore takes it.',
    ]);
    expect(seen[1]?.lines).toContain('⚠ generation 2 sda: chunk 7 of sda.raw.gz is damaged');
    expect(app.verifying.size).toBe(0);
    expect(await app.askedProofs.open()).toEqual([]);
  });

  it('is for operators, reads a box once at a time, and tells of a share that is away', async () => {
    expect((await lab.say('verify pluto', { who: 'mallory' })).text()).toContain('You may not do this');
    app.verifying.add(PLUTO);
    expect((await lab.say('verify pluto')).text()).toContain('are being read already');
    app.verifying.clear();
    app.share.down = true;
    expect((await lab.say('verify pluto')).text()).toContain('could not be read: the share does not answer');
    expect(app.verifying.size).toBe(0);
  });
});
