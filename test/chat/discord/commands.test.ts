import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import type { Inbound } from '../../../src/chat/platform.ts';
import { ALICE, BOB, GUILD, LAB, OPERATORS } from '../../fakes/discord/guild.ts';
import { cardWithThread, hearing, showing, sight } from './hearing.ts';

describe('/testbox', () => {
  it('passes on what was typed and who typed it, and answers only that person', async () => {
    const answer: Inbound['command'] = ({ answers }) => answers.answer(words('the plan'));
    const passed: unknown[] = [];
    const scene = await hearing({
      inbound: {
        command: async (command) => {
          passed.push(command);
          await answer(command);
        },
      },
    });

    await scene.discord.as(ALICE).command(LAB, 'restore', { box: 'pluto' }).responded;
    const seen = await sight(scene, ALICE, 'the plan');

    expect(passed).toMatchObject([{ text: 'restore pluto', channel: LAB, thread: null }]);
    expect(passed).toMatchObject([
      {
        person: {
          platform: 'discord',
          team: GUILD,
          user: ALICE,
          displayName: 'Alice',
          kind: 'member',
          groups: [OPERATORS],
        },
      },
    ]);
    expect(seen).toMatchObject({ text: 'the plan', ephemeral: true, channelId: LAB });
    expect(scene.shown(BOB)).toEqual([]);
  });

  it('responds at once with a private reply that thinks, however long the app takes', async () => {
    const scene = await hearing({ inbound: { command: () => new Promise(() => {}) } });

    const { responded } = scene.discord.as(ALICE).command(LAB, 'status');

    expect(await responded).toMatchObject({ type: 5, data: { flags: 64 } });
    await expect.poll(scene.heard).toBe(1);
  });

  it.each([
    [
      'restore',
      { reason: 'the "new" disk', disks: 'sda, sdb', box: 'pluto' },
      'restore pluto disks:sda,sdb reason:"the "new" disk"',
    ],
    ['restore', { box: 'pluto', 'as-of': ' 3 ' }, 'restore pluto as-of:3'],
    ['restore', { box: 'venus', from: 'pluto' }, 'restore venus from:pluto'],
    ['restore', { box: 'pluto', fit: 'yes' }, 'restore pluto fit:yes'],
    ['backup', { box: ' 10.40.41.42 ', disks: 'disks:sda' }, 'backup 10.40.41.42 disks:sda'],
    ['lock', { box: 'pluto', reason: '  ' }, 'lock pluto'],
    ['help', { word: 'restore' }, 'help restore'],
    ['list', {}, 'list'],
  ])('makes of %s with %j what somebody would have typed', async (word, options, text) => {
    const scene = await hearing();

    scene.discord.as(ALICE).command(LAB, word, options);

    expect((await scene.nextCommand()).text).toBe(text);
  });

  it('names the card in whose thread it was typed', async () => {
    const scene = await hearing();
    const { card, ref } = await cardWithThread(scene, words('card'));

    scene.discord.as(ALICE).command(card, 'cancel');

    expect(await scene.nextCommand()).toMatchObject({ text: 'cancel', channel: LAB, thread: ref });
  });

  it('names it too where the thread was archived when the bot connected', async () => {
    const scene = await hearing();
    const { card, ref } = await cardWithThread(scene, words('card'));
    scene.client.channels.cache.delete(card);

    scene.discord.as(ALICE).command(card, 'cancel');

    expect(await scene.nextCommand()).toMatchObject({ channel: LAB, thread: ref });
  });

  it('leaves no reply that thinks when there is nothing to say', async () => {
    const scene = await hearing({ inbound: { command: async () => {} } });

    await scene.discord.as(ALICE).command(LAB, 'status').responded;

    await expect.poll(() => callsOf(scene, 'DELETE')).toBe(1);
    await showing(scene, ALICE, []);
  });

  it('tells the person when the app fails, and keeps the error from the process', async () => {
    const scene = await hearing({ inbound: { command: () => Promise.reject(new Error('broken')) } });

    scene.discord.as(ALICE).command(LAB, 'status');
    const told = await sight(scene, ALICE, 'Something went wrong');

    const errorId = /error (\w{8})/.exec(told.text)?.[1];
    expect(scene.log).toContainEqual({
      level: 'error',
      fields: expect.objectContaining({ errorId, user: ALICE, what: 'command', err: new Error('broken') }),
      message: 'something from the chat could not be dealt with',
    });
  });

  it('does nothing when its acknowledgement came too late: the person was told so', async () => {
    const scene = await hearing();
    scene.discord.failNext('/callback', { status: 404, code: 10062, message: 'Unknown interaction' });

    scene.discord.as(ALICE).command(LAB, 'restore', { box: 'pluto' });
    await expect
      .poll(() => scene.log)
      .toMatchObject([{ level: 'warn', message: 'an acknowledgement came too late: nothing was done' }]);
    scene.discord.as(BOB).command(LAB, 'status');

    expect((await scene.nextCommand()).text).toBe('status');
    expect(scene.heard()).toBe(1);
  });

  it('is answered when only the answer to its acknowledgement was lost', async () => {
    const scene = await hearing({ inbound: { command: ({ answers }) => answers.answer(words('the plan')) } });
    scene.discord.loseNextAnswer('/callback');

    scene.discord.as(ALICE).command(LAB, 'status');

    expect(await sight(scene, ALICE, 'the plan')).toMatchObject({ ephemeral: true });
    expect(scene.log.map(({ level }) => level)).toEqual(['warn']);
  });
});

describe('people whom this Testbox does not obey', () => {
  it('hear why when their server is another one; nothing is passed on', async () => {
    const scene = await hearing({ guild: '1100000000000000009' });

    scene.discord.as(ALICE).command(LAB, 'restore', { box: 'pluto' });
    const told = await sight(scene, ALICE, 'another server');

    expect(told.ephemeral).toBe(true);
    expect(scene.heard()).toBe(0);
    expect(scene.log).toContainEqual({
      level: 'warn',
      fields: { user: ALICE, what: 'command', why: told.text },
      message: 'somebody was refused',
    });
  });
});

describe('answers', () => {
  it('take the place of the reply that thinks, and further ones come behind it', async () => {
    const scene = await hearing({
      inbound: {
        command: async ({ answers }) => {
          await Promise.all(['one', 'two', 'three'].map((text) => answers.answer(words(text))));
        },
      },
    });

    scene.discord.as(ALICE).command(LAB, 'status');
    await showing(scene, ALICE, ['one', 'two', 'three']);

    expect(
      scene.discord
        .as(ALICE)
        .sees()
        .every(({ ephemeral }) => ephemeral),
    ).toBe(true);
    expect(callsOf(scene, 'PATCH')).toBe(1);
  });

  it('that come when the work has long ended are private all the same', async () => {
    const scene = await hearing();
    scene.discord.as(ALICE).command(LAB, 'status');
    const { answers } = await scene.nextCommand();
    await expect.poll(() => callsOf(scene, 'DELETE')).toBe(1);

    await answers.answer(words('after all'));

    expect(await sight(scene, ALICE, 'after all')).toMatchObject({ ephemeral: true });
  });

  it('come as a direct message when the right to answer has ended, without what can not be pressed there', async () => {
    const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
    const plan = message({
      text: 'the plan',
      buttons: [{ id: 'confirm', value: '7k3m9q2x', label: 'Confirm', style: 'primary' }],
    });
    const scene = await hearing({
      inbound: {
        command: async ({ answers }) => {
          await later;
          await answers.answer(plan);
        },
      },
    });
    await scene.discord.as(ALICE).command(LAB, 'restore', { box: 'pluto' }).responded;

    scene.clock.advance(16 * 60_000);
    goOn();
    const told = await sight(scene, ALICE, 'the plan');

    expect(told).toMatchObject({ ephemeral: false, buttons: [] });
    expect(told.channelId).not.toBe(LAB);
    expect(told.text).toContain('ask again there');
  });

  it('come behind a reply that is not there any more', async () => {
    const scene = await hearing({ inbound: { command: ({ answers }) => answers.answer(words('the plan')) } });
    scene.discord.failNext('/messages/@original', { status: 404, code: 10008, message: 'Unknown Message' });

    scene.discord.as(ALICE).command(LAB, 'status');

    expect(await sight(scene, ALICE, 'the plan')).toMatchObject({ ephemeral: true, channelId: LAB });
  });

  it('fail to the app when there is no way at all', async () => {
    const scene = await hearing({
      workspace: { users: [{ id: ALICE, name: 'alice', displayName: 'Alice', closedToBots: true }] },
    });
    scene.discord.as(ALICE).command(LAB, 'status');
    const { answers } = await scene.nextCommand();
    scene.clock.advance(16 * 60_000);

    await expect(answers.answer(words('late'))).rejects.toMatchObject({ code: 50007 });
  });

  it('have nothing to replace: what should is an answer', async () => {
    const scene = await hearing({
      inbound: {
        command: async ({ answers }) => {
          await answers.replace(words('instead'));
          await answers.replace(null);
        },
      },
    });

    scene.discord.as(ALICE).command(LAB, 'status');

    await showing(scene, ALICE, ['instead']);
  });
});

/** How often the bot asked for this at an interaction's own addresses. */
function callsOf({ discord }: Awaited<ReturnType<typeof hearing>>, method: string): number {
  return discord.calls().filter((call) => call.method === method && call.path.includes('/webhooks/')).length;
}
