import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/domain/apply.ts';
import type { JobEvent } from '../../src/domain/events.ts';
import type { Job } from '../../src/domain/job.ts';
import { soundFingerprints } from '../../src/domain/tellings.ts';
import { DEFAULT_DEADLINES } from '../../src/domain/testbox.ts';
import { BOOT_B, NOW, restoreJob } from '../fakes/job.ts';

const FINGERPRINT = `SHA256:${'aB3+/'.repeat(8)}xyz`;
const MOMENT = { now: NOW, deadlines: DEFAULT_DEADLINES };

function play(events: readonly JobEvent[]): { job: Job; told: unknown[] } {
  let job = restoreJob({ state: 'running' });
  const told: unknown[] = [];
  for (const event of events) {
    const applied = apply(job, event, MOMENT);
    if (applied.kind === 'refused') throw new Error(applied.why);
    job = applied.job;
    told.push(...applied.effects.flatMap((effect) => (effect.kind === 'notice' ? [effect.notice] : [])));
  }
  return { job, told };
}

describe('fingerprints', () => {
  it('are shown in their own form alone, each once', () => {
    expect(soundFingerprints(undefined)).toEqual([]);
    expect(
      soundFingerprints([
        FINGERPRINT,
        FINGERPRINT,
        `${FINGERPRINT}\n`,
        ` ${FINGERPRINT}`,
        FINGERPRINT.slice(0, -1),
        FINGERPRINT.replace('SHA256', 'MD5'),
        '<!channel> @everyone',
      ]),
    ).toEqual([FINGERPRINT]);
  });

  it('are few', () => {
    const many = Array.from({ length: 8 }, (_, n) => FINGERPRINT.replace('xyz', `xy${n}`));

    expect(soundFingerprints(many)).toEqual(many.slice(0, 4));
  });
});

describe('what a job tells of the agent’s side', () => {
  const warned = (message: string): JobEvent => ({ type: 'agent-warned', message });
  const called = (address: string): JobEvent => ({
    type: 'called-from-elsewhere',
    address,
    expected: '10.40.41.42',
  });

  it('is each warning once, as one line', () => {
    const { job, told } = play([
      warned('the clock\n\u001bis wrong'),
      warned('the clock is wrong'),
      warned(' \n'),
    ]);

    expect(told).toEqual([{ about: 'warned', message: 'the clock is wrong', last: false }]);
    expect(job.warnings).toEqual(['the clock is wrong']);
  });

  it('is no flood, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.string()), { maxLength: 60 }), (said) => {
        const { told, job } = play(said.map(([warns, text]) => (warns ? warned(text) : called(text))));

        expect(told.length).toBeLessThanOrEqual(13);
        expect(job.state).toBe('running');
      }),
    );
  });

  it('says with the tenth warning that it was the last', () => {
    const { told } = play(Array.from({ length: 12 }, (_, n) => warned(`warning ${n}`)));

    expect(told).toHaveLength(10);
    expect(told.at(-2)).toMatchObject({ last: false });
    expect(told.at(-1)).toEqual({ about: 'warned', message: 'warning 9', last: true });
  });

  it('cuts a long one', () => {
    const { told } = play([warned('x'.repeat(2000)), warned('x'.repeat(1999))]);

    expect(told).toEqual([{ about: 'warned', message: `${'x'.repeat(299)}…`, last: false }]);
  });

  it('is the address of a caller that is not the box, of three at most', () => {
    const { told, job } = play(['9.9.9.1', '9.9.9.1', '9.9.9.2', '9.9.9.3', '9.9.9.4'].map(called));

    expect(told).toHaveLength(3);
    expect(job.strangers).toEqual(['9.9.9.1', '9.9.9.2', '9.9.9.3']);
  });

  it('keeps the keys of a boot when its agent starts again without them, and forgets those of another', () => {
    const boot = (sshFingerprints: string[]): JobEvent => ({
      type: 'hello-new-boot',
      bootId: BOOT_B,
      session: 's',
      nonce: null,
      maxAttempts: 9,
      sshFingerprints,
    });
    const again: JobEvent = { type: 'hello-again', session: 't', sshFingerprints: [] };

    expect(play([boot([FINGERPRINT]), again]).job.sshFingerprints).toEqual([FINGERPRINT]);
    expect(play([boot([FINGERPRINT]), boot([])]).job.sshFingerprints).toEqual([]);
  });
});
