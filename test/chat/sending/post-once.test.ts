import { expect, it } from 'vitest';
import { PostOnce, type PostSteps } from '../../../src/chat/sending/post-once.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { MemoryLedger } from '../../fakes/post-ledger.ts';

it('tells what was posted under a nonce, and begins nothing by asking', async () => {
  const { once, ledger, steps } = scene();
  const before = await once.posted('n1');
  const begun = ledger.stateOf('n1');

  await once.run('n1', steps());

  expect([before, begun]).toEqual([null, null]);
  expect(await once.posted('n1')).toBe('ref 1');
});

it('tells of a post that is under way', async () => {
  const { once, steps } = scene();
  const posting = once.run('n1', steps());

  const asked = once.posted('n1');

  expect(await asked).toBe(await posting);
});

it('posts what was asked for at the same moment, and writes it down', async () => {
  const { once, ledger, steps } = scene();

  const [asked, posted] = await Promise.all([once.posted('n1'), once.run('n1', steps())]);

  expect([asked, posted]).toEqual([null, 'ref 1']);
  expect(ledger.stateOf('n1')).toBe('posted');
});

it('leaves a try alone whose end nobody knows', async () => {
  const { once, ledger, steps } = scene();
  const lost = steps(async () => {
    throw new Error('no answer');
  });
  await expect(once.run('n1', lost)).rejects.toThrow('no answer');

  expect(await once.posted('n1')).toBeNull();

  expect(ledger.stateOf('n1')).toBe('unknown');
});

function scene() {
  const ledger = new MemoryLedger();
  let posts = 0;
  const once = new PostOnce<number>({
    ...{ ledger, clock: new FakeClock(0) },
    toRef: (place) => `ref ${place}`,
    postedNothing: () => false,
  });
  const steps = (
    post: () => Promise<number> = async () => {
      posts += 1;
      return posts;
    },
  ): PostSteps<number> => ({
    find: async () => ({ kind: 'absent' }),
    post,
    complete: async () => {},
  });
  return { once, ledger, steps };
}
