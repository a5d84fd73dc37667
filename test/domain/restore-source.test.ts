import { describe, expect, it } from 'vitest';
import { explainPlanRefusal } from '../../src/domain/explain.ts';
import type { ImageWish } from '../../src/domain/image-wish.ts';
import type { ImageCatalog } from '../../src/domain/images.ts';
import { buildPlan } from '../../src/domain/plan.ts';
import { PLUTO_BOX } from '../fakes/app.ts';
import { catalogOf, generation } from '../fakes/catalog.ts';
import { NOTES } from '../fakes/job.ts';

const THREE = catalogOf([generation(1), generation(2), generation(3)]);

describe('restore as of a generation', () => {
  it('takes the current one when nothing is said', () => {
    expect(imagesOf(planned({}))).toEqual(['generations/000003/sda.raw.gz']);
  });

  it('takes the one that is asked for, with its age and host keys', () => {
    const built = planned({ asOf: 1 });

    expect(imagesOf(built)).toEqual(['generations/000001/sda.raw.gz']);
    expect(built).toMatchObject({
      plan: { currentGeneration: 3 },
      notes: {
        images: [{ slot: 'sda', createdAt: '2026-11-01T10:00:00.000Z' }],
        imageHostKeys: ['ssh-ed25519 KEY1'],
      },
    });
  });

  it('has the bad sectors of a damaged image among the facts that are approved', () => {
    const badRanges = [{ offset: 4096, length: 512 }];
    const sound = generation(3);
    const disks = (sound.manifest?.disks ?? []).map((disk) => ({
      ...disk,
      damaged: true as const,
      badRanges,
    }));
    const damaged = { ...sound, manifest: sound.manifest && { ...sound.manifest, disks } };

    const built = planned({}, catalogOf([damaged]));

    expect(built).toMatchObject({ plan: { disks: [{ image: { badRanges } }] } });
    expect(digestOf(built)).not.toBe(digestOf(planned({}, catalogOf([sound]))));
  });

  it('is another plan than the one of the current generation', () => {
    expect(digestOf(planned({ asOf: 1 }))).not.toBe(digestOf(planned({})));
    expect(digestOf(planned({ asOf: 3 }))).toBe(digestOf(planned({})));
  });

  it('is another plan when it shall fit a larger disk, and says nothing of that else', () => {
    expect(planned({ fit: true })).toMatchObject({ plan: { fit: true } });
    expect(digestOf(planned({ fit: true }))).not.toBe(digestOf(planned({})));
    expect(planned({})).not.toHaveProperty('plan.fit');
  });

  it('says which generations there are when there is no such one', () => {
    expect(refusalOf(planned({ asOf: 7 }))).toBe(
      'pluto has no generation 7. There is 3 (of 2026-11-03 10:00 UTC, the current one), 2 (of 2026-11-02 10:00 UTC), 1 (of 2026-11-01 10:00 UTC): `/testbox restore pluto as-of:3`.',
    );
  });

  it('shows the way out of a broken one, past others that are broken', () => {
    const broken = catalogOf([
      generation(1),
      generation(2, 'sda.raw.gz is cut off'),
      generation(3, 'no index'),
    ]);

    expect(refusalOf(planned({}, broken))).toBe(
      'Generation 3 of pluto can not be restored: no index. Nothing was touched. There is 1 (of 2026-11-01 10:00 UTC): `/testbox restore pluto as-of:1`.',
    );
  });

  it('says so when there is nothing else', () => {
    expect(refusalOf(planned({ asOf: 2 }, catalogOf([])))).toBe(
      'pluto has no generation 2. There is no other one to restore; look at `/testbox images pluto`.',
    );
  });
});

function planned(wish: Partial<ImageWish>, catalog: ImageCatalog = THREE) {
  return buildPlan({
    testbox: PLUTO_BOX,
    action: 'restore',
    onlySlots: null,
    wish: { asOf: null, ...wish },
    lender: null,
    catalog,
    hardware: null,
    bootConfig: 'PATH bios\n',
    notes: { ...NOTES },
    shadowing: [],
  });
}

type Built = ReturnType<typeof buildPlan>;

function imagesOf(built: Built): (string | undefined)[] {
  return built.kind === 'plan' ? built.plan.disks.map(({ image }) => image?.file) : [];
}

function digestOf(built: Built): string {
  if (built.kind === 'plan') return built.digest;
  throw new Error(built.why.code);
}

function refusalOf(built: Built): string {
  return built.kind === 'refused' ? explainPlanRefusal(built.why, 'pluto') : 'not refused';
}
