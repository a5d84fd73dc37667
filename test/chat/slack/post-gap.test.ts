import { expect, it } from 'vitest';
import { PostGap } from '../../../src/chat/slack/post-gap.ts';
import { ManualPacerClock } from '../../fakes/pacer-clock.ts';

/** Posts whose answers come when the test says so. */
function gapped() {
  const clock = new ManualPacerClock();
  const gap = new PostGap(clock);
  const sent: [string, number][] = [];
  const answers = new Map<string, PromiseWithResolvers<string>>();
  const post = (channel: string, name: string) => {
    const answer = Promise.withResolvers<string>();
    answers.set(name, answer);
    return gap.run(channel, () => {
      sent.push([name, clock.now()]);
      return answer.promise;
    });
  };
  return { clock, post, sent, answer: (name: string) => answers.get(name)?.resolve(name) };
}

it('lets a post wait for the answer to the one before, and a second from then', async () => {
  const { clock, post, sent, answer } = gapped();

  const posted = [post('C1', 'slow'), post('C1', 'next'), post('C2', 'elsewhere')];
  await clock.advance(0);
  await clock.advance(1_500);
  const whileUnanswered = [...sent];
  answer('slow');
  await clock.advance(0);
  await clock.advance(2_000);
  for (const name of ['next', 'elsewhere']) answer(name);

  expect(whileUnanswered).toEqual([
    ['slow', 0],
    ['elsewhere', 0],
  ]);
  expect(sent.at(-1)).toEqual(['next', 2_400]);
  await expect(Promise.all(posted)).resolves.toEqual(['slow', 'next', 'elsewhere']);
});

it('goes on after a post that failed, whose failure it gives', async () => {
  const clock = new ManualPacerClock();
  const gap = new PostGap(clock);

  const failed = gap.run('C1', () => Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
  const posted = gap.run('C1', async () => 'posted');
  await clock.advance(900);

  await expect(posted).resolves.toBe('posted');
});

it('holds nobody up who comes later anyway, and leaves no timer', async () => {
  const { clock, post, sent, answer } = gapped();
  const first = post('C1', 'first');
  await clock.advance(0);
  answer('first');
  await first;
  await clock.advance(1_100);

  void post('C1', 'later');
  await clock.advance(0);

  expect(sent.at(-1)).toEqual(['later', 1_100]);
  expect(clock.pending()).toBe(0);
});
