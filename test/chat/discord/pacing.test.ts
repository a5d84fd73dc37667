import { describe, expect, it } from 'vitest';
import type { ChatPlatform, Urgency } from '../../../src/chat/platform.ts';
import { ear, message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/discord/guild.ts';
import { ManualPacerClock } from '../../fakes/pacer-clock.ts';
import { discordScene, QUICK } from './discord-fixture.ts';

const EDIT = { kind: 'edit', channel: LAB, urgency: 'stage' } as const;
const POST = { kind: 'post', channel: LAB, urgency: 'people' } as const;
const MESSAGES = `/channels/${LAB}/messages`;

describe("Discord's limits", () => {
  it.each([
    [POST, [4, 4, 8, 12]],
    // One of four is for people.
    [EDIT, [3, 3, 6, 9]],
    [{ ...EDIT, urgency: 'people' } as const, [4, 4, 8, 12]],
  ])('of a channel leave so many turns in five seconds: %j', async (want, expected) => {
    const { platform, turns } = await paced();
    const given = count(platform, want, 20);

    const after: number[] = [];
    for (const ms of [0, 5_099, 1, 5_100]) {
      await turns.advance(ms);
      after.push(given());
    }

    expect(after).toEqual(expected);
  });

  it('of one channel are no affair of another', async () => {
    const { platform, turns } = await paced();
    const here = count(platform, POST, 20);
    const there = count(platform, { ...POST, channel: '1100000000000000102' }, 20);

    await turns.advance(0);

    expect([here(), there()]).toEqual([4, 4]);
  });

  it('of the whole bot hold for many channels at once', async () => {
    const { platform, turns } = await paced();
    const given = Array.from({ length: 30 }, (_, at) =>
      count(platform, { ...POST, channel: `11000000000000${1000 + at}` }, 4),
    );

    await turns.advance(0);
    const atOnce = given.reduce((sum, one) => sum + one(), 0);
    await turns.advance(3_000);

    expect(atOnce).toBe(40);
    expect(given.reduce((sum, one) => sum + one(), 0)).toBe(120);
  });

  it('leave half of the edits to stages and people', async () => {
    const { platform, turns } = await paced();

    const shown = Array.from({ length: 10 }, () => platform.progressTurn(LAB)).filter(Boolean).length;
    const stages = count(platform, EDIT, 10);
    await turns.advance(0);
    const people = count(platform, { ...EDIT, urgency: 'people' }, 10);
    await turns.advance(0);

    expect([shown, stages(), people()]).toEqual([2, 1, 1]);
  });
});

describe('a 429', () => {
  it('lets edits wait as long as Discord says, and answers go out meanwhile', async () => {
    const turns = new ManualPacerClock();
    const { connect, discord, seen } = await discordScene({ breaks: true });
    const platform = connect({ pace: { turns, gateway: QUICK } });
    const heard = ear();
    await platform.start(heard.inbound);
    const card = await platform.post({ channel: LAB, nonce: 'n1' }, message('card'));
    discord.storm(MESSAGES, { retryAfterSeconds: 30, forMs: 5_000 });
    await expect(platform.edit(card, message('two'))).rejects.toThrow('wants a pause');
    const given = count(platform, { ...EDIT, urgency: 'people' }, 1);

    discord.as(ALICE).command(LAB, 'status');
    await (await heard.nextCommand()).answers.answer(message('all is well'));
    await turns.advance(29_000);
    const whileStormy = given();
    await turns.advance(1_500);

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['card', 'all is well']);
    expect([whileStormy, given()]).toEqual([0, 1]);
  });

  it('is told at once, and not waited out', async () => {
    const { connect, discord } = await discordScene({ breaks: true });
    discord.storm(null, { retryAfterSeconds: 3_600, forMs: 5_000 });

    const refused = connect().post({ channel: LAB, nonce: 'n1' }, message('card'));

    await expect(refused).rejects.toMatchObject({ name: 'ChatUnavailableError' });
  });
});

describe('real limits of a channel', () => {
  it('hold for a storm of posts and edits, of which none is lost', async () => {
    const { connect, discord, seen } = await discordScene({ rateLimits: true });
    const platform = connect({ pace: { gateway: QUICK } });
    const cards: string[] = [];

    for (const nonce of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await platform.turn(POST);
      cards.push(await platform.post({ channel: LAB, nonce }, message(`card ${nonce}`)));
    }
    await Promise.all(
      cards.map(async (card) => {
        await platform.turn(EDIT);
        await platform.edit(card, message('done'));
      }),
    );

    expect(seen(ALICE).map(({ text }) => text)).toEqual(Array(6).fill('done'));
    expect(discord.calls().map(({ status }) => status)).not.toContain(429);
  });
});

async function paced() {
  const turns = new ManualPacerClock();
  const { connect } = await discordScene();
  return { platform: connect({ pace: { turns, gateway: QUICK } }), turns };
}

/** Asks for so many turns; gives how many were given. What the end leaves waiting ends quietly. */
function count(
  platform: ChatPlatform,
  want: { kind: 'post' | 'edit'; channel: string; urgency: Urgency },
  times: number,
): () => number {
  let given = 0;
  for (let at = 0; at < times; at += 1) {
    platform.turn(want).then(
      () => {
        given += 1;
      },
      () => {},
    );
  }
  return () => given;
}
