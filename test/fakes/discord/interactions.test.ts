import {
  ButtonStyle,
  type ChatInputCommandInteraction,
  ComponentType,
  type Interaction,
  MessageFlags,
  Routes,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, LAB } from './guild.ts';
import { codeOf, guildWithApp, refusal } from './scene.ts';
import type { FakeDiscord, GuildSettings } from './types.ts';

const EPHEMERAL = MessageFlags.Ephemeral;
const BUTTONS = {
  type: ComponentType.ActionRow,
  components: [{ type: ComponentType.Button, style: ButtonStyle.Primary, custom_id: 'go|1', label: 'Go' }],
} as const;

/** A guild where commands are answered so; the interaction is given once it is there. */
async function onCommand(
  answer: (interaction: ChatInputCommandInteraction) => unknown,
  settings: Partial<GuildSettings> = {},
) {
  const commands: ChatInputCommandInteraction[] = [];
  const listen = (interaction: Interaction): unknown => {
    if (!interaction.isChatInputCommand()) return undefined;
    commands.push(interaction);
    return answer(interaction);
  };
  const scene = await guildWithApp(listen, settings);
  const first = (): ChatInputCommandInteraction => {
    const [command] = commands;
    if (command === undefined) throw new Error('No command has come yet.');
    return command;
  };
  const alice = scene.discord.as(ALICE);
  /** Until the app knows that its answer has arrived. */
  const answered = async (): Promise<void> => {
    await alice.command(LAB, 'help').responded;
    await expect.poll(() => first().deferred || first().replied).toBe(true);
  };
  return { ...scene, first, alice, answered };
}

function textsOf(discord: FakeDiscord, user: string): readonly string[] {
  return discord
    .as(user)
    .sees()
    .map(({ text }) => text);
}

describe('a first response', () => {
  it('can be for one person only', async () => {
    const { discord, alice } = await onCommand((command) =>
      command.reply({ content: 'Hello', flags: EPHEMERAL }),
    );

    const { type, data } = await alice.command(LAB, 'help').responded;

    expect({ type, data }).toMatchObject({ type: 4, data: { content: 'Hello' } });
    expect(alice.sees()).toMatchObject([{ text: 'Hello', ephemeral: true }]);
    expect(textsOf(discord, BOB)).toEqual([]);
    expect(discord.breaches()).toEqual([]);
  });

  it('is not there for the channel’s own routes when it is ephemeral', async () => {
    const { rest, alice } = await onCommand((command) =>
      command.reply({ content: 'Hello', flags: EPHEMERAL }),
    );
    await alice.command(LAB, 'help').responded;
    const route = Routes.channelMessage(LAB, alice.sees().at(-1)?.id ?? '');

    expect(await codeOf(rest.patch(route, { body: { content: 'x' } }))).toBe(10008);
    expect(await rest.get(Routes.channelMessages(LAB))).toEqual([]);
  });

  it('is given once: 40060', async () => {
    const { discord, rest, first, alice } = await onCommand((command) => command.reply('One'));
    await alice.command(LAB, 'help').responded;
    const { id, token } = first();

    const again = rest.post(Routes.interactionCallback(id, token), {
      body: { type: 4, data: { content: 'Two' } },
    });

    expect(await refusal(again)).toMatchObject({ status: 400, code: 40060 });
    expect(textsOf(discord, BOB)).toEqual(['One']);
  });

  it('that comes after three seconds comes too late: 10062', async () => {
    const { discord, first, alice } = await onCommand(() => undefined);

    const { responded } = alice.command(LAB, 'help');
    await expect(responded).rejects.toThrow('/testbox help: "The application did not respond"');

    expect(await refusal(first().reply('Here'))).toMatchObject({ status: 404, code: 10062 });
    expect(discord.breaches()).toEqual(['/testbox help was not responded to within 3 s']);
    expect(discord.pending()).toBe(0);
  });

  it.each([
    ['an unknown type', { type: 99 }],
    ['an update without a message', { type: 7, data: { content: 'x' } }],
    ['suggestions', { type: 8, data: { choices: [] } }],
    ['too long a text', { type: 4, data: { content: 'x'.repeat(2001) } }],
    [
      'a dialog with too long a title',
      { type: 9, data: { custom_id: 'a', title: 'x'.repeat(46), components: [] } },
    ],
  ])('is refused and still awaited: %s', async (_what, body) => {
    const { discord, rest, first, alice } = await onCommand(() => undefined);
    const { responded } = alice.command(LAB, 'help');
    await expect.poll(() => first().id).toBeTruthy();
    const { id, token } = first();

    expect(await codeOf(rest.post(Routes.interactionCallback(id, token), { body }))).toBe(50035);
    await first().reply('At last');

    expect((await responded).type).toBe(4);
    expect(discord.breaches()).toHaveLength(1);
  });

  it('says what became of it, when asked to', async () => {
    const { alice, first } = await onCommand(() => undefined);
    void alice.command(LAB, 'help');
    await expect.poll(() => first().id).toBeTruthy();

    const response = await first().reply({ content: 'Hello', withResponse: true });

    expect(response.resource?.message?.content).toBe('Hello');
    expect(response.interaction.responseMessageId).toBe(alice.sees().at(-1)?.id);
  });
});

describe('a deferred response', () => {
  it('thinks, then is filled by its first follow-up, as ephemeral as it was at first', async () => {
    const { discord, alice, first, answered } = await onCommand((command) =>
      command.deferReply({ flags: EPHEMERAL }),
    );
    await answered();
    expect(alice.sees()).toMatchObject([{ text: '', ephemeral: true }]);

    await first().followUp({ content: 'Filled' });
    await first().followUp({ content: 'For all' });

    expect(alice.sees()).toMatchObject([
      { text: 'Filled', ephemeral: true },
      { text: 'For all', ephemeral: false },
    ]);
    expect(textsOf(discord, BOB)).toEqual(['For all']);
  });

  it('is edited, and can be deleted', async () => {
    const { alice, first, answered } = await onCommand((command) => command.deferReply());
    await answered();

    await first().editReply({ content: 'Done', components: [BUTTONS] });
    const [filled] = alice.sees();
    await first().deleteReply();

    expect(filled).toMatchObject({ text: 'Done', edited: false, buttons: [{ customId: 'go|1' }] });
    expect(alice.sees()).toEqual([]);
    expect(await codeOf(first().fetchReply())).toBe(10008);
  });
});

describe('a token', () => {
  it('lives for fifteen minutes: 50027', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { alice, first, answered } = await onCommand((command) => command.reply('Hello'), {
      now: () => now,
    });
    await answered();

    now += 15 * 60_000;
    await first().editReply('Still');
    now += 1;

    expect(await refusal(first().editReply('Late'))).toMatchObject({ status: 401, code: 50027 });
    expect(await codeOf(first().followUp('Late'))).toBe(50027);
    expect(alice.sees()).toMatchObject([{ text: 'Still' }]);
  });

  it('opens nothing before the first response, nor messages of others', async () => {
    const { rest, alice, first, discord } = await onCommand(() => undefined);
    void alice.command(LAB, 'help');
    await expect.poll(() => first().id).toBeTruthy();
    const { token } = first();
    const route = Routes.webhook(discord.applicationId, token);
    expect(await codeOf(rest.post(route, { body: { content: 'x' } }))).toBe(10015);
    const { id } = (await rest.post(Routes.channelMessages(LAB), { body: { content: 'x' } })) as {
      id: string;
    };

    await first().reply('Hello');

    expect(await codeOf(first().webhook.editMessage(id, 'y'))).toBe(10008);
  });
});

describe('an interaction that is sent again', () => {
  it('is the very same one, and its answer was given', async () => {
    const refusals: unknown[] = [];
    const { alice, discord, first } = await onCommand((command) =>
      command.reply('Hello').catch((error: unknown) => refusals.push(error)),
    );
    await alice.command(LAB, 'help').responded;

    discord.replayInteraction();

    await expect.poll(() => refusals).toMatchObject([{ code: 40060 }]);
    expect(first().commandName).toBe('testbox');
    expect(textsOf(discord, ALICE)).toEqual(['Hello']);
  });
});

describe('while no gateway is connected', () => {
  it('interactions fail, or wait for one', async () => {
    const { client, discord } = await onCommand((command) => command.reply('Hello'));
    const patient = await onCommand((command) => command.reply('Hello'), { queueWhileAway: true });
    await client.destroy();
    patient.discord.dropGateway();

    const failed = discord.as(ALICE).command(LAB, 'help').responded;
    const waiting = patient.alice.command(LAB, 'help').responded;

    await expect(failed).rejects.toThrow('did not respond');
    expect((await waiting).type).toBe(4);
    expect(discord.breaches()).toEqual([]);
  });
});
