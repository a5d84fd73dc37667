import { describe, expect, it, onTestFinished } from 'vitest';
import { registerOnce } from '../../src/chat/discord/register-once.ts';
import { CHECKS } from '../../src/cli/doctor/checks.ts';
import { APPLICATION } from '../fakes/discord/directory.ts';
import { startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import {
  ACME,
  ALICE,
  APPROVERS,
  BOT_PERMISSIONS,
  GENERAL,
  GUILD,
  LAB,
  OPERATORS,
} from '../fakes/discord/guild.ts';
import type { FakeDiscord, GuildSettings } from '../fakes/discord/types.ts';
import { examined as examinedBy } from './doctor-context.ts';

const DISCORD_CHECKS = CHECKS.filter(({ name }) => name.startsWith('discord '));
const SILENT = { info() {}, warn() {}, error() {} };

const BOX = `testboxes: [{ name: pluto, ip: 10.40.41.42 }]`;
const PEOPLE = `people: { alice: [ "discord:${GUILD}:${ALICE}" ] }
roles: { operator: { people: [alice] }, approver: { groups: [ "discord:${GUILD}:${APPROVERS}" ] } }`;
const OTHER_GUILD = '1200000000000000001';

/** A guild that has never heard of the bot. */
async function bare(settings: Partial<GuildSettings> = {}): Promise<FakeDiscord> {
  const discord = await startFakeDiscord({ ...ACME, ...settings });
  onTestFinished(() => discord.stop());
  return discord;
}

/** A guild that knows the commands, as after the bot's first start. */
async function acme(settings: Partial<GuildSettings> = {}): Promise<FakeDiscord> {
  const discord = await bare(settings);
  const { token, apiUrl } = discord;
  await registerOnce({ token, apiUrl, guild: GUILD, log: SILENT });
  return discord;
}

/** What the doctor says of Discord. */
function examined(
  discord: FakeDiscord,
  { inventory = `${BOX}\n${PEOPLE}`, env = {} }: { inventory?: string; env?: Record<string, string> } = {},
): Promise<string[]> {
  const settings = {
    DISCORD_TOKEN: discord.token,
    DISCORD_GUILD: GUILD,
    DISCORD_CHANNEL: LAB,
    DISCORD_API_URL: discord.apiUrl,
  };
  return examinedBy(DISCORD_CHECKS, { inventory, env: { ...settings, ...env } });
}

async function fixes(...of: Parameters<typeof examined>): Promise<string[]> {
  return (await examined(...of)).filter((line) => line.startsWith('FIX '));
}

describe('the doctor on Discord', () => {
  it('is content with an app that is set up as the guide says, and changes nothing', async () => {
    const discord = await acme();
    const before = discord.calls().length;

    expect(await examined(discord)).toEqual([
      `discord token: @testbox, the bot of the app Testbox (${APPLICATION})`,
      `discord guild: Acme (${GUILD})`,
      'discord channels: 1 takes posts',
      'discord commands: /testbox is registered in Acme',
      'discord roles: approvers',
      'discord ids: 2 of Acme',
    ]);
    expect(
      new Set(
        discord
          .calls()
          .slice(before)
          .map(({ method }) => method),
      ),
    ).toEqual(new Set(['GET']));
    expect(discord.breaches()).toEqual([]);
  });

  it('says where a new token is, when this one is refused', async () => {
    const discord = await acme();
    discord.revokeToken();

    const found = await examined(discord);

    expect(found).toEqual([
      expect.stringMatching(
        /^FIX discord token: Discord refuses DISCORD_TOKEN: .* Expected is the bot's token: take it from Bot at https/,
      ),
      ...['guild', 'channels', 'commands', 'roles', 'ids'].map(
        (name) => `discord ${name}: not looked at, the token of Discord comes first`,
      ),
    ]);
    expect(found.join()).not.toContain(discord.token);
  });

  it('says once that Discord is out of reach, and which variable may be why', async () => {
    const discord = await bare();
    await discord.setDown(true);

    expect(await fixes(discord)).toEqual([
      `FIX discord token: check DISCORD_API_URL, and that this machine reaches ${discord.apiUrl}: ECONNREFUSED`,
    ]);
  });

  it('does not take a question that was not answered for a good answer', async () => {
    const discord = await acme();
    discord.storm('/channels/', { retryAfterSeconds: 30, forMs: 60_000 });

    expect(await fixes(discord)).toEqual([
      expect.stringMatching(
        /^FIX discord channels: run the doctor again: .* was not seen, Discord wants a pause of 3[01] s$/,
      ),
    ]);
  });

  it('gives the way into a guild that the bot is not in', async () => {
    const [first = '', ...others] = await fixes(await acme(), { env: { DISCORD_GUILD: OTHER_GUILD } });

    const url = new URL(/https:\/\/\S+(?=,)/.exec(first)?.[0] ?? '');
    expect(first).toMatch(/^FIX discord guild: let somebody who manages the server invite the bot with /);
    expect(first).toContain(`or correct DISCORD_GUILD: @testbox is not in the guild ${OTHER_GUILD}`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: APPLICATION,
      scope: 'bot applications.commands',
      // View, send, embed, attach, history, create threads, send in threads.
      permissions: String(
        (1n << 10n) | (1n << 11n) | (1n << 14n) | (1n << 15n) | (1n << 16n) | (1n << 35n) | (1n << 38n),
      ),
      guild_id: OTHER_GUILD,
      disable_guild_select: 'true',
    });
    expect(others).toEqual([]);
  });

  it('names every permission that the bot lacks, and what it is for', async () => {
    const lacking: readonly string[] = ['AttachFiles', 'SendMessagesInThreads'];
    const discord = await acme({ permissions: BOT_PERMISSIONS.filter((name) => !lacking.includes(name)) });
    const place = `#lab (${LAB}), the channel of DISCORD_CHANNEL, pluto`;

    expect(await fixes(discord)).toEqual([
      `FIX discord channels: allow @testbox "Send Messages in Threads" in ${place} (Edit Channel, Permissions), so that the bot tells in a card's thread what happens`,
      `FIX discord channels: allow @testbox "Attach Files" in ${place} (Edit Channel, Permissions), so that the bot attaches the end of the log to a failure`,
    ]);
  });

  it('says what to do about channels that the bot does not see, or that are none', async () => {
    const inventory = `testboxes:
  - { name: pluto, ip: 10.40.41.42 }
  - { name: venus, ip: 10.40.41.43, channel: { discord: "${GENERAL}" } }
  - { name: mars, ip: 10.40.41.44, channel: { discord: "1100000000000009999" } }
${PEOPLE}`;

    expect(await fixes(await acme(), { inventory })).toEqual([
      `FIX discord channels: allow @testbox "View Channel" and the rest in ${GENERAL}, the channel of venus (Edit Channel, Permissions), or correct the id: Discord shows the bot no such channel`,
      'FIX discord channels: correct the id 1100000000000009999, the channel of mars: Discord knows no such channel',
    ]);
  });

  it('finds that nobody can type /testbox yet', async () => {
    const discord = await bare();

    expect(await fixes(discord)).toEqual([
      'FIX discord commands: run `testbox discord register`, or start the bot: Acme does not know /testbox as it is now',
    ]);
    expect(discord.commands()).toEqual([]);
  });

  it('finds a role that there is not, and ids of another guild, names, and roles in the place of people', async () => {
    const inventory = `${BOX}
people: { alice: ["discord:${OTHER_GUILD}:${ALICE}"], bob: ["discord:${GUILD}:bob", "discord:${GUILD}:${OPERATORS}"] }
roles: { operator: { groups: ["discord:${GUILD}:1100000000000009999"] } }`;

    expect(await fixes(await acme(), { inventory })).toEqual([
      'FIX discord roles: correct or remove the role 1100000000000009999 under roles in the inventory: there is none in Acme',
      `FIX discord ids: correct discord:${OTHER_GUILD}:${ALICE} (people.alice): the bot is in Acme, whose ids begin with discord:${GUILD}:`,
      `FIX discord ids: correct discord:${GUILD}:bob (people.bob): expected the id of a user, such as 223456789012345678, not a name`,
      `FIX discord ids: move discord:${GUILD}:${OPERATORS} (people.bob) to "groups" of a role in the inventory: it is a role's id, not a user's`,
    ]);
  });

  it('finds that nobody there may do anything', async () => {
    expect(await fixes(await acme(), { inventory: BOX })).toEqual([
      expect.stringMatching(
        /^FIX discord ids: give a role to somebody on Discord, by an id such as discord:11/,
      ),
    ]);
  });

  it('finds approvers whom no mention reaches', async () => {
    const roles = ACME.roles.map((role) => ({ ...role, mentionable: false }));

    expect(await fixes(await acme({ roles }))).toEqual([
      'FIX discord roles: switch on "Allow anyone to @mention this role" for approvers (Server Settings, Roles): its members are not notified of what they have to approve',
    ]);
    expect(await fixes(await acme({ roles, permissions: [...BOT_PERMISSIONS, 'MentionEveryone'] }))).toEqual(
      [],
    );
  });

  it('looks at DISCORD_CHANNEL even while the inventory is wrong', async () => {
    const discord = await acme();
    discord.deleteChannel(LAB);

    expect(await examined(discord, { inventory: 'testboxes: 1' })).toEqual([
      expect.stringMatching(/^discord token: /),
      expect.stringMatching(/^discord guild: /),
      `FIX discord channels: correct the id ${LAB}, the channel of DISCORD_CHANNEL: Discord knows no such channel`,
      expect.stringMatching(/^discord commands: /),
      'discord roles: not looked at, the inventory comes first',
      'discord ids: not looked at, the inventory comes first',
    ]);
  });
});
