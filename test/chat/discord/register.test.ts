import { DiscordAPIError } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { discordCommands } from '../../../src/chat/discord/commands.ts';
import { registerCommands } from '../../../src/chat/discord/register.ts';

const LAB = { applicationId: '11', guild: '22' };
const ROUTE = '/applications/11/guilds/22/commands';

describe('registering the commands', () => {
  it('tells a guild that knows none', async () => {
    const { rest, register, puts } = guildWith([]);

    expect(await register(rest)).toBe('registered');
    expect(puts).toEqual([[ROUTE, { body: discordCommands() }]]);
  });

  it('changes nothing in a guild that knows them, with all that Discord adds to them', async () => {
    const { rest, register, puts } = guildWith(asDiscordAnswers());

    expect(await register(rest)).toBe('unchanged');
    expect(puts).toEqual([]);
  });

  it.each<[string, (commands: AnsweredCommand[]) => unknown]>([
    ['another description', ([command]) => [{ ...command, description: 'older' }]],
    ['fewer words', ([command]) => [{ ...command, options: command?.options.slice(1) }]],
    ['words in another order', ([command]) => [{ ...command, options: command?.options.toReversed() }]],
    ['a required option', (commands) => changeOption(commands, { required: true })],
    ['an option without suggestions', (commands) => changeOption(commands, { autocomplete: false })],
    ['other rights', ([command]) => [{ ...command, default_member_permissions: '0' }]],
    ['a command more', (commands) => [...commands, { ...commands[0], id: '9', name: 'pxe' }]],
    ['something unknown', () => [{ kind: 'new' }]],
    ['nothing that can be read', () => null],
  ])('tells them again to a guild that has %s', async (_what, change) => {
    const { rest, register, puts } = guildWith(change(asDiscordAnswers()));

    expect(await register(rest)).toBe('registered');
    expect(puts).toHaveLength(1);
  });

  it.each([
    [50001, 'Missing Access', ['scope applications.commands', 'https://discord.com/oauth2/authorize?']],
    [10004, 'Unknown Guild', ['no guild 22', 'Check the id']],
    [30034, 'Max number of daily application command creates', ['200 a day', 'tomorrow']],
  ])('says what %i means and what to do', async (code, text, says) => {
    const { register } = guildWith([]);
    const error = apiError(code, text);

    const refused = register({ get: () => Promise.reject(error), put: () => Promise.reject(error) });

    for (const part of says)
      await expect(refused).rejects.toMatchObject({
        name: 'CommandsRefusedError',
        message: expect.stringContaining(part),
        cause: error,
      });
  });

  it('leaves what it does not know to its caller', async () => {
    const { register } = guildWith([]);
    const error = new Error('connect ECONNREFUSED');

    const failed = register({ get: () => Promise.reject(error), put: async () => null });

    await expect(failed).rejects.toBe(error);
  });
});

type AnsweredCommand = ReturnType<typeof asDiscordAnswers>[number];

/** As Discord gives registered commands back. */
function asDiscordAnswers() {
  return discordCommands().map(({ contexts: _ignored, options, ...command }) => ({
    ...command,
    ...{ id: '1', application_id: '11', guild_id: '22', version: '5', nsfw: false, contexts: null },
    ...{ name_localizations: null, description_localizations: null, integration_types: [0] },
    options: options.map((subcommand) => ({
      ...subcommand,
      name_localizations: null,
      options: (subcommand.options ?? []).map((option) => ({ ...option, required: false })),
    })),
  }));
}

function changeOption([command]: AnsweredCommand[], change: object) {
  const [first, ...others] = command?.options ?? [];
  const [box, ...rest] = first?.options ?? [];
  return [{ ...command, options: [{ ...first, options: [{ ...box, ...change }, ...rest] }, ...others] }];
}

function guildWith(commands: unknown) {
  const puts: unknown[] = [];
  const rest: Parameters<typeof registerCommands>[0] = {
    get: async (route) => (route === ROUTE ? commands : null),
    put: async (route, request) => void puts.push([route, request]),
  };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  return { rest, puts, register: (to: typeof rest) => registerCommands(to, { ...LAB, log }) };
}

function apiError(code: number, message: string): DiscordAPIError {
  return new DiscordAPIError({ code, message }, code, 403, 'GET', `https://discord.test${ROUTE}`, {});
}
