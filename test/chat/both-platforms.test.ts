import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { Driver } from '../../src/app/drive/driver.ts';
import { verifyImages } from '../../src/app/verify-images.ts';
import { ApproversElsewhere } from '../../src/chat/approvers-elsewhere.ts';
import { Outbox } from '../../src/chat/outbox.ts';
import { createRouter } from '../../src/chat/router.ts';
import { ChatTeller } from '../../src/chat/teller.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { AccessRules } from '../../src/domain/access.ts';
import { type ChatFront, comesTrue, type FrontMessage } from '../demo/chat-front.ts';
import { discordFront } from '../demo/discord-people.ts';
import { slackFront } from '../demo/slack-people.ts';
import { createTestApp, PLUTO_BOX, settle, type TestApp } from '../fakes/app.ts';
import { catalogOf, generation } from '../fakes/catalog.ts';
import * as onDiscord from '../fakes/discord/guild.ts';
import { NOW } from '../fakes/job.ts';
import { rules } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';
import { EMPTY_CATALOG } from '../fakes/share.ts';
import * as onSlack from '../fakes/slack/workspace.ts';
import { discordScene } from './discord/discord-fixture.ts';
import { slackScene } from './slack/slack-fixture.ts';

const CHANNELS = { console: null, slack: onSlack.LAB, discord: onDiscord.LAB };
const BOXES = [
  { ...PLUTO_BOX, channels: CHANNELS },
  { ...PLUTO_BOX, name: 'venus', address: TestboxAddress.parse('10.40.41.43'), channels: CHANNELS },
];

/** Somebody in front of one of the chats. */
class Somebody {
  readonly #front: ChatFront;
  readonly #user: string;

  constructor(front: ChatFront, user: string) {
    this.#front = front;
    this.#user = user;
  }

  sees(): readonly FrontMessage[] {
    return this.#front.sees(this.#user).filter(({ author }) => author === this.#front.botUser);
  }

  /** Types it, and waits for what only they are told. */
  async types(line: string): Promise<FrontMessage> {
    const mark = this.#front.revision();
    await this.#front.type(this.#user, line);
    const answer = () =>
      this.#front.changesSince(mark, this.#user).find(({ ephemeral, text }) => ephemeral && text !== '');
    await comesTrue(this.#front, () => answer() !== undefined, 10_000);
    return answer() ?? { id: '', author: '', ephemeral: true, text: 'no answer', buttons: [] };
  }

  async presses(message: FrontMessage, button: string): Promise<void> {
    await this.#front.press(this.#user, message, button);
  }

  async givesReason(reason: string): Promise<void> {
    await comesTrue(this.#front, () => this.#front.hasDialog(this.#user), 10_000);
    await this.#front.giveReason(this.#user, reason);
  }

  /** The newest message that says this. */
  async finds(text: string | RegExp): Promise<FrontMessage> {
    const found = () => this.sees().findLast((message) => message.text.match(text) !== null);
    await comesTrue(this.#front, () => found() !== undefined, 10_000);
    const all = () => this.sees().map((message) => message.text);
    expect(found() === undefined ? all() : [], `nothing said ${text}`).toEqual([]);
    return found() ?? { id: '', author: '', ephemeral: false, text: '', buttons: [] };
  }
}

interface Bot {
  app: TestApp;
  wake: () => void;
  slack: (user: string) => Somebody;
  discord: (user: string) => Somebody;
  homeOnSlack: (user: string) => Promise<string>;
}

/** One bot, whose driver runs, on a Slack and a Discord. */
async function bothChats(access: AccessRules): Promise<Bot> {
  const made = await createTestApp(':memory:', BOXES);
  let settling = Promise.resolve();
  // After the chats have gone: what comes first is done last.
  onTestFinished(async () => {
    await settling;
    await made.db.destroy();
  });
  const slack = await slackScene();
  const discord = await discordScene();
  const platforms = [slack.connect(), discord.connect()];
  made.share.catalogs.set(PLUTO, {
    ...EMPTY_CATALOG,
    plain: [{ slot: 'sda', file: 'sda.raw.gz', codedBytes: 1, modifiedAt: NOW }],
  });
  const { refs, summaries, log } = made;
  const app: App = {
    ...made,
    inventory: { testboxes: () => BOXES, access: () => access },
    announcer: new ApproversElsewhere(new Outbox({ platforms, refs, summaries, log }), {
      ...{ platforms, inventory: { access: () => access }, log },
    }),
    teller: new ChatTeller({ platforms, inventory: { access: () => access }, log }),
  };
  const driver = new Driver(app);
  app.wake = () => {
    settling = settling.then(() => settle(app, driver));
  };
  const router = createRouter(app);
  for (const platform of platforms) await platform.start(router);
  await expect.poll(() => discord.discord.commands().length).toBe(1);
  return {
    app: made,
    wake: app.wake,
    slack: (user) => new Somebody(slackFront(slack.slack), user),
    discord: (user) => new Somebody(discordFront(discord.discord), user),
    homeOnSlack: async (user) => {
      const person = slack.slack.as(user);
      await person.openHome().acknowledged;
      await expect.poll(() => JSON.stringify(person.home())).toContain('Boxes');
      return JSON.stringify(person.home());
    },
  };
}

const idsOf = {
  alice: [
    { platform: 'slack', team: 'T1', user: onSlack.ALICE },
    { platform: 'discord', team: onDiscord.GUILD, user: onDiscord.ALICE },
  ],
  bob: [
    { platform: 'slack', team: 'T1', user: onSlack.BOB },
    { platform: 'discord', team: onDiscord.GUILD, user: onDiscord.BOB },
  ],
  carol: [{ platform: 'discord', team: onDiscord.GUILD, user: onDiscord.CAROL }],
  olga: [{ platform: 'discord', team: onDiscord.GUILD, user: onDiscord.OWNER }],
} as const;

/** alice and carol ask; bob, alice and olga approve. mallory, of whatever name, is in no inventory. */
function access(): AccessRules {
  const nobody = { people: [], users: [], groups: [] };
  return rules({
    people: new Map(Object.entries(idsOf)),
    roles: {
      viewer: nobody,
      operator: { ...nobody, people: ['alice', 'carol'] },
      approver: { ...nobody, people: ['bob', 'alice', 'olga'] },
    },
  });
}

let bot: Bot;

beforeEach(async () => {
  bot = await bothChats(access());
});

/** Asked for and confirmed by alice in Slack; her card there. */
async function restoreFromSlack(): Promise<FrontMessage> {
  const alice = bot.slack(onSlack.ALICE);
  await alice.presses(await alice.types('restore pluto'), 'confirm');
  return alice.finds(/waits for approval[\s\S]*job \w{8}/);
}

describe('a bot on Slack and Discord', () => {
  it('lets bob approve in Discord what alice asked for in Slack', async () => {
    await restoreFromSlack();
    const bob = bot.discord(onDiscord.BOB);

    const waiting = await bob.types('status');
    const copy = await bob.types('status pluto');
    await bob.presses(copy, 'approve');

    expect(waiting.text).toContain('1 waits for your approval');
    expect(copy.text).toContain('OVERWRITES these disks');
    expect(copy.text).toContain('The card is on Slack');
    const card = await bot.slack(onSlack.ALICE).finds(/approved by Bob[\s\S]*job \w{8}/);
    expect(card.buttons).not.toContain('approve');
    expect((await bob.finds('approved by Bob')).id).toBe(copy.id);
    const [job] = await bot.app.store.activeJobs();
    expect(job?.approvals).toMatchObject([{ by: { key: 'bob', platform: 'discord' } }]);
  });

  it('calls in private who approves and is only in the other chat, once', async () => {
    await restoreFromSlack();
    const olga = bot.discord(onDiscord.OWNER);

    const call = await olga.finds('Please approve or deny: restore pluto, asked by Alice on Slack');
    await olga.presses(await olga.types('status pluto'), 'approve');

    expect(call.text).toContain('/testbox status pluto');
    await bot.slack(onSlack.ALICE).finds(/approved by Olga[\s\S]*job \w{8}/);
    expect(olga.sees().filter(({ text }) => text.includes('Please approve'))).toHaveLength(1);
    // bob is mentioned in the thread on Slack.
    expect(bot.discord(onDiscord.BOB).sees()).toEqual([]);
    await bot.slack(onSlack.ALICE).finds(/@bob .*Please approve or deny: restore pluto/);
  });

  it('takes a denial and its reason from the other chat, too', async () => {
    await restoreFromSlack();
    const bob = bot.discord(onDiscord.BOB);
    const copy = await bob.types('status pluto');

    await bob.presses(copy, 'deny');
    await bob.givesReason('not on a Friday');

    const card = await bot.slack(onSlack.ALICE).finds(/denied by Bob[\s\S]*job \w{8}/);
    expect(card.buttons).not.toContain('approve');
    await bot.slack(onSlack.ALICE).finds('not on a Friday');
  });

  it('does not let alice approve her own job in the other chat', async () => {
    await restoreFromSlack();
    const alice = bot.discord(onDiscord.ALICE);

    await alice.presses(await alice.types('status pluto'), 'approve');

    await alice.finds(/own|asked for it yourself/);
    expect((await bot.app.store.activeJobs())[0]).toMatchObject({
      state: 'awaiting-approval',
      approvals: [],
    });
  });

  it('takes nobody for bob because of his name', async () => {
    await restoreFromSlack();

    const answer = await bot.discord(onDiscord.MALLORY).types('status pluto');
    const who = await bot.discord(onDiscord.MALLORY).types('whoami');

    expect(answer).toMatchObject({ text: expect.stringContaining('needs the role viewer'), buttons: [] });
    expect(who.text).toContain(`You are discord:${onDiscord.GUILD}:${onDiscord.MALLORY}.`);
    expect(who.text).toContain('roles: none');
  });

  it('shows a job of Discord in the Home tab and the list on Slack', async () => {
    const carol = bot.discord(onDiscord.CAROL);
    await carol.presses(await carol.types('restore pluto'), 'confirm');
    await carol.finds(/waits for approval[\s\S]*job \w{8}/);

    const home = await bot.homeOnSlack(onSlack.BOB);
    const list = await bot.slack(onSlack.BOB).types('list');

    expect(home).toContain('Waits for your approval');
    expect(home).toMatch(/restore pluto: a plan · asked by Carol/);
    expect(list.text).toMatch(/pluto 10\.40\.41\.42: restore, awaiting approval/);
  });

  it('tells both of a damaged image, and calls the owner by their id there', async () => {
    await bot.slack(onSlack.ALICE).types('lock pluto');
    bot.app.share.catalogs.set(PLUTO, catalogOf([generation(1), generation(2)]));
    bot.app.share.damaged.set(2, 'chunk 7 of sda.raw.gz is damaged');
    await verifyImages(bot.app, { address: PLUTO, generations: null });

    bot.wake();

    for (const bob of [bot.slack(onSlack.BOB), bot.discord(onDiscord.BOB)]) {
      const told = await bob.finds('Damaged images of pluto: generation 2.');
      expect(told.ephemeral).toBe(false);
      expect(told.text).toContain('@alice');
      expect(told.text).toContain('generation 2 sda (current): chunk 7 of sda.raw.gz is damaged');
      expect(told.text).toContain('/testbox restore pluto as-of:1');
    }
  });

  it('tells the result of a proof that took long directly, in each chat', async () => {
    const asked = { address: PLUTO, channel: onSlack.LAB, at: NOW };
    const slack = { ...asked, id: 'a', platform: 'slack', user: onSlack.BOB } as const;
    const discord = { ...asked, id: 'b', platform: 'discord', user: onDiscord.BOB } as const;
    for (const each of [slack, discord]) {
      await bot.app.askedProofs.begin(each);
      await bot.app.askedProofs.finish(each.id, { kind: 'unread', why: 'the share does not answer' });
    }

    bot.wake();

    for (const bob of [bot.slack(onSlack.BOB), bot.discord(onDiscord.BOB)])
      await bob.finds('The images of pluto could not be read: the share does not answer.');
    const said = (all: readonly FrontMessage[]) =>
      all.filter(({ text }) => text.includes('could not be read'));
    expect(said(bot.slack(onSlack.ALICE).sees())).toEqual([]);
    expect(said(bot.discord(onDiscord.ALICE).sees())).toEqual([]);
    await expect.poll(() => bot.app.askedProofs.open()).toEqual([]);
  });

  it('gives a box to one of two who ask at the same moment, and tells the other who has it', async () => {
    const alice = bot.slack(onSlack.ALICE);
    const carol = bot.discord(onDiscord.CAROL);
    const [plan, otherPlan] = await Promise.all([alice.types('backup venus'), carol.types('backup venus')]);

    await Promise.all([alice.presses(plan, 'confirm'), carol.presses(otherPlan, 'confirm')]);

    await expect.poll(async () => (await bot.app.store.activeJobs()).length).toBe(1);
    const [holder] = await bot.app.store.activeJobs();
    const [loser, name] = holder?.requester.key === 'alice' ? [carol, 'Alice'] : [alice, 'Carol'];
    const told = await loser.finds('venus is busy');
    expect(told).toMatchObject({ ephemeral: true, text: expect.stringContaining(`asked by ${name}`) });
  });
});
