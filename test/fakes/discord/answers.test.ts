import { ButtonStyle, ComponentType, MessageFlags } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { answerIssues, hasDescription } from './description.ts';
import { ALICE, GUILD, LAB } from './guild.ts';
import { guild, TESTBOX } from './scene.ts';
import type { FakeDiscord } from './types.ts';

/** What the description says against the fake's own answer; `values` fill the template's parameters. */
async function issuesWith(
  discord: FakeDiscord,
  call: { method: string; template: string; values?: readonly string[]; body?: unknown },
): Promise<unknown> {
  const { method, template, values = [], body } = call;
  const left = [...values];
  const path = template.replaceAll(/\{\w+\}/g, () => left.shift() ?? '');
  const headers = { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${discord.apiUrl}/v10${path}`, { method, headers, ...init });
  const answer: unknown = await response.json();
  const issues = answerIssues({ method, template, status: response.status, body: answer });
  return { status: response.status, issues };
}

const CHANNEL = '/channels/{channel_id}';
const MESSAGES = `${CHANNEL}/messages`;
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
});
