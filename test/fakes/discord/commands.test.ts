import { type AutocompleteInteraction, type ChatInputCommandInteraction, Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, GUILD, LAB, OPERATORS, OWNER } from './guild.ts';
import { codeOf, guild, guildWithApp, TESTBOX } from './scene.ts';

const name = (name: string) => ({ name, description: 'x' });
const option = (more: object) => ({ type: 3, ...name('box'), ...more });

describe('registered commands', () => {
  it('are given back with ids that stay, and replaced as a whole', async () => {
    const { discord, rest } = await guild();
    const route = Routes.applicationGuildCommands(discord.applicationId, GUILD);
    const [first] = (await rest.put(route, { body: [TESTBOX, name('other')] })) as { id: string }[];

    const [second] = (await rest.put(route, { body: [{ ...TESTBOX, description: 'New' }] })) as {
      id: string;
    }[];

    expect(second).toMatchObject({ id: first?.id, description: 'New', guild_id: GUILD, type: 1 });
    expect(await rest.get(route)).toEqual([second]);
    expect(discord.commands()).toEqual([{ ...TESTBOX, description: 'New' }]);
  });

  it.each<[string, object]>([
    ['a name with capitals', name('Testbox')],
    ['a name of 33 characters', name('x'.repeat(33))],
    ['no description', { name: 'x' }],
    ['a description of 101 characters', { name: 'x', description: 'x'.repeat(101) }],
    [
      '26 options',
      { ...name('x'), options: Array.from({ length: 26 }, (_, at) => option({ name: `o${at}` })) },
    ],
    ['options of one name', { ...name('x'), options: [option({}), option({})] }],
    [
      'a required option after others',
      { ...name('x'), options: [option({}), option({ name: 'b', required: true })] },
    ],
    [
      'choices beside autocomplete',
      { ...name('x'), options: [option({ autocomplete: true, choices: [{ name: 'a', value: 'a' }] })] },
    ],
    ['subcommands beside options', { ...name('x'), options: [option({}), { type: 1, ...name('sub') }] }],
  ])('are refused: %s', async (_what, command) => {
    const { discord, rest } = await guild();
    const route = Routes.applicationGuildCommands(discord.applicationId, GUILD);

    expect(await codeOf(rest.put(route, { body: [command] }))).toBe(50035);
    expect(discord.commands()).toEqual([]);
  });

  it('may be created two hundred times a day', async () => {
    const { discord, rest } = await guild({ rateLimits: false });
    const route = Routes.applicationGuildCommands(discord.applicationId, GUILD);
    const hundred = (prefix: string) => Array.from({ length: 100 }, (_, at) => name(`${prefix}${at}`));
    await rest.put(route, { body: hundred('a') });
    await rest.put(route, { body: hundred('a') });
    await rest.put(route, { body: hundred('b') });

    expect(await codeOf(rest.put(route, { body: [name('one-more')] }))).toBe(30034);
  });
});

describe('a person', () => {
  it('sends options as they were registered', async () => {
    const commands: ChatInputCommandInteraction[] = [];
    const { discord } = await guildWithApp(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      commands.push(interaction);
      await interaction.reply('ok');
    });

    const typed = { box: 'rack1', count: '2', force: 'true', word: 'one' };
    await discord.as(ALICE).command(LAB, 'run', typed).responded;

    const [command] = commands;
    expect(command?.options.getSubcommand()).toBe('run');
    expect(command?.options.getString('box')).toBe('rack1');
    expect(command?.options.getInteger('count')).toBe(2);
    expect(command?.options.getBoolean('force')).toBe(true);
    expect(command?.options.getString('word')).toBe('one');
    expect(command?.memberPermissions?.has('UseApplicationCommands')).toBe(true);
  });

  it.each([
    ['go', {}, '/testbox has no subcommand "go"; it has run, help.'],
    ['run', {}, 'The option "box" of "run" is required.'],
    ['run', { box: 'a', size: '1' }, '"run" has no option "size"'],
    ['run', { box: 'a', count: '4' }, '"4" is no value for the option "count".'],
    ['run', { box: 'a', force: 'yes' }, 'The option "force" is true or false.'],
    ['run', { box: 'a', word: 'two' }, '"two" is no choice of the option "word"; there are one.'],
    ['run', { box: 'a', reason: 'x'.repeat(21) }, 'The option "reason" must have 0 to 20 characters.'],
  ])('is not let send /testbox %s %j', async (subcommand, options, sentence) => {
    const { discord } = await guildWithApp();

    expect(() => discord.as(ALICE).command(LAB, subcommand, options)).toThrow(sentence);
    expect(discord.pending()).toBe(0);
  });

  it('is offered a guild’s commands nowhere else', async () => {
    const { discord, rest } = await guildWithApp(async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply(`guild: ${interaction.guildId}`);
    });
    const alice = discord.as(ALICE);
    expect(() => alice.command(null, 'help')).toThrow('offers no /testbox in direct messages');

    await rest.put(Routes.applicationCommands(discord.applicationId), { body: [TESTBOX] });
    await alice.command(null, 'help').responded;

    expect(alice.sees()).toMatchObject([{ text: 'guild: null' }]);
    expect(discord.as(BOB).sees()).toEqual([]);
  });

  it('is only offered what an admin of the guild lets them use', async () => {
    const { discord, rest } = await guildWithApp(async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply('ok');
    });
    const route = Routes.applicationGuildCommands(discord.applicationId, GUILD);
    await rest.put(route, { body: [{ ...TESTBOX, default_member_permissions: '0' }] });

    expect(() => discord.as(ALICE).command(LAB, 'help')).toThrow('does not offer /testbox to alice');
    expect((await discord.as(OWNER).command(LAB, 'help').responded).type).toBe(4);
  });

  it('has the roles that they have now', async () => {
    const { discord, rest } = await guild();
    const rolesOf = async (): Promise<unknown> => {
      const member = (await rest.get(Routes.guildMember(GUILD, BOB))) as { roles: unknown };
      return member.roles;
    };
    expect(await rolesOf()).toContain(OPERATORS);

    discord.setRoleMembers(OPERATORS, [ALICE]);

    expect(await rolesOf()).not.toContain(OPERATORS);
  });
});

describe('suggestions', () => {
  const choices = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ name: `n${at}`, value: `v${at}` }));

  it('are offered for what is typed', async () => {
    const { discord } = await guildWithApp(async (interaction) => {
      if (!interaction.isAutocomplete()) return;
      const { name, value } = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${name}:${value}`, value: 'rack1' }]);
    });

    const offered = await discord.as(ALICE).autocomplete(LAB, 'run', { option: 'box', typed: 'ra' });

    expect(offered).toEqual([{ name: 'box:ra', value: 'rack1' }]);
    expect(discord.breaches()).toEqual([]);
  });

  it.each([
    ['26 of them', choices(26)],
    ['a name of 101 characters', [{ name: 'x'.repeat(101), value: 'x' }]],
    ['no name', [{ name: '', value: 'x' }]],
    ['a value of 101 characters', [{ name: 'x', value: 'x'.repeat(101) }]],
  ])('are refused: %s', async (_what, list) => {
    const asked: AutocompleteInteraction[] = [];
    const { discord } = await guildWithApp(async (interaction) => {
      if (interaction.isAutocomplete()) asked.push(interaction);
    });
    const offered = discord.as(ALICE).autocomplete(LAB, 'run', { option: 'box', typed: '' });
    await expect.poll(() => asked).toHaveLength(1);

    expect(await codeOf(asked[0]?.respond(list) ?? Promise.resolve())).toBe(50035);
    await asked[0]?.respond(choices(25));

    expect(await offered).toHaveLength(25);
  });

  it('are for options that complete', async () => {
    const { discord } = await guildWithApp();

    const asked = discord.as(ALICE).autocomplete(LAB, 'run', { option: 'word', typed: '' });

    await expect(asked).rejects.toThrow('The option "word" completes nothing.');
  });
});
