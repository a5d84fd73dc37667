import {
  ButtonStyle,
  type ChatInputCommandInteraction,
  ComponentType,
  MessageFlags,
  Routes,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { answerIssues, hasDescription } from './description.ts';
import { ALICE, GUILD, LAB } from './guild.ts';
import { guild, guildWithApp, TESTBOX } from './scene.ts';
import type { FakeDiscord } from './types.ts';

/** What the description says against the fake's own answer; `values` fill the template's parameters. */
async function issuesWith(
  discord: FakeDiscord,
  call: { method: string; template: string; values?: readonly string[]; query?: string; body?: unknown },
): Promise<unknown> {
  const { method, template, values = [], query = '', body } = call;
  const left = [...values];
  const path = template.replaceAll(/\{\w+\}/g, () => left.shift() ?? '');
  const headers = { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${discord.apiUrl}/v10${path}${query}`, { method, headers, ...init });
  const answer: unknown = await response.json();
  const issues = answerIssues({ method, template, status: response.status, body: answer });
  return { status: response.status, issues };
}

const CHANNEL = '/channels/{channel_id}';
const MESSAGES = `${CHANNEL}/messages`;
const MESSAGE = `${MESSAGES}/{message_id}`;
const WEBHOOK = '/webhooks/{webhook_id}/{webhook_token}';
const ORIGINAL = `${WEBHOOK}/messages/@original`;
const COMMANDS = '/applications/{application_id}/guilds/{guild_id}/commands';

const BUTTONS = {
  type: ComponentType.ActionRow,
  components: [{ type: ComponentType.Button, style: ButtonStyle.Primary, custom_id: 'go|1', label: 'Go' }],
};
const RICH = {
  content: `<@${ALICE}>`,
  embeds: [{ title: 'T', fields: [{ name: 'n', value: 'v' }] }],
  components: [BUTTONS],
};
const LAYOUT = {
  flags: MessageFlags.IsComponentsV2,
  components: [
    {
      type: ComponentType.Container,
      components: [{ type: ComponentType.TextDisplay, content: 'x' }, BUTTONS],
    },
  ],
};

describe.skipIf(!hasDescription)('answers are as described (skipped where the description is absent)', () => {
  it.each([
    ['/gateway/bot', []],
    ['/applications/@me', []],
    ['/users/@me', []],
    ['/users/{user_id}', [ALICE]],
    ['/guilds/{guild_id}', [GUILD]],
    ['/guilds/{guild_id}/members/{user_id}', [GUILD, ALICE]],
    ['/guilds/{guild_id}/roles', [GUILD]],
    ['/guilds/{guild_id}/channels', [GUILD]],
    [CHANNEL, [LAB]],
  ])('of GET %s', async (template, values) => {
    const { discord } = await guild();

    expect(await issuesWith(discord, { method: 'GET', template, values })).toEqual({
      status: 200,
      issues: [],
    });
  });

  it.each([
    ['POST', '/users/@me/channels', [], { recipient_id: ALICE }, 200],
    ['POST', MESSAGES, [LAB], RICH, 200],
    ['POST', MESSAGES, [LAB], LAYOUT, 200],
    ['PUT', COMMANDS, ['1100000000000000901', GUILD], [TESTBOX], 200],
    ['POST', COMMANDS, ['1100000000000000901', GUILD], TESTBOX, 201],
  ])('of %s %s', async (method, template, values, body, status) => {
    const { discord } = await guild();

    expect(await issuesWith(discord, { method, template, values, body })).toEqual({ status, issues: [] });
  });

  it('of messages that are read and changed, and of their threads', async () => {
    const { discord, rest } = await guild();
    const { id } = (await rest.post(Routes.channelMessages(LAB), { body: RICH })) as { id: string };
    const values = [LAB, id];
    const calls = [
      { method: 'POST', template: `${MESSAGE}/threads`, values, body: { name: 'Job 1' } },
      { method: 'PATCH', template: MESSAGE, values, body: { content: 'x' } },
      { method: 'GET', template: MESSAGE, values },
      { method: 'GET', template: MESSAGES, values: [LAB] },
      { method: 'GET', template: CHANNEL, values: [id] },
      { method: 'PATCH', template: CHANNEL, values: [id], body: { archived: true } },
    ];

    for (const [index, call] of calls.entries()) {
      const status = index === 0 ? 201 : 200;
      expect(await issuesWith(discord, call), call.template).toEqual({ status, issues: [] });
    }
  });

  it('of interactions, and of what follows them', async () => {
    const commands: ChatInputCommandInteraction[] = [];
    const { discord } = await guildWithApp((interaction) => {
      if (interaction.isChatInputCommand()) commands.push(interaction);
    });
    void discord.as(ALICE).command(LAB, 'help');
    await expect.poll(() => commands).toHaveLength(1);
    const { id = '', token = '' } = commands[0] ?? {};
    const values = [discord.applicationId, token];
    const calls = [
      {
        ...{ method: 'POST', template: '/interactions/{interaction_id}/{interaction_token}/callback' },
        ...{ values: [id, token], query: '?with_response=true', body: { type: 4, data: LAYOUT } },
      },
      { method: 'GET', template: ORIGINAL, values },
      { method: 'PATCH', template: ORIGINAL, values, body: { components: [BUTTONS] } },
      { method: 'POST', template: WEBHOOK, values, body: { content: 'x' } },
    ];

    for (const call of calls) {
      expect(await issuesWith(discord, call), call.template).toEqual({ status: 200, issues: [] });
    }
  });
});
