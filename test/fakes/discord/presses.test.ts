import { type ButtonInteraction, ButtonStyle, ComponentType, MessageFlags } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, LAB } from './guild.ts';
import { guildWithApp } from './scene.ts';

const EPHEMERAL = MessageFlags.Ephemeral;
const BUTTONS = {
  type: ComponentType.ActionRow,
  components: [{ type: ComponentType.Button, style: ButtonStyle.Primary, custom_id: 'go|1', label: 'Go' }],
} as const;

/** A guild with a message that has one button, which does this. */
async function onPress(answer: (interaction: ButtonInteraction) => unknown, isEphemeral = false) {
  const scene = await guildWithApp(async (interaction) => {
    const card = { content: 'Press', components: [BUTTONS] };
    if (interaction.isChatInputCommand()) {
      await (isEphemeral ? interaction.reply({ ...card, flags: EPHEMERAL }) : interaction.reply(card));
    }
    if (interaction.isButton()) await answer(interaction);
  });
  const alice = scene.discord.as(ALICE);
  await alice.command(LAB, 'help').responded;
  return { ...scene, alice, message: alice.sees().at(-1)?.id ?? '' };
}

describe('a click', () => {
  it('changes the message that was clicked, at once or later', async () => {
    const { alice, message, discord } = await onPress((press) => press.update({ content: 'Pressed' }));

    await alice.press(message, 'go|1').responded;

    expect(alice.sees()).toMatchObject([{ id: message, text: 'Pressed', edited: true, buttons: [{}] }]);
    expect(discord.breaches()).toEqual([]);
  });

  it('may be acknowledged without a change', async () => {
    const { alice, message } = await onPress(async (press) => {
      await press.deferUpdate();
      await press.editReply({ content: 'Later', components: [] });
    });

    expect((await alice.press(message, 'go|1').responded).type).toBe(6);

    await expect.poll(() => alice.sees()).toMatchObject([{ id: message, text: 'Later', buttons: [] }]);
  });

  it('on an ephemeral message changes that one', async () => {
    const { alice, message, discord } = await onPress((press) => press.update({ content: 'Pressed' }), true);

    await alice.press(message, 'go|1').responded;

    expect(alice.sees()).toMatchObject([{ id: message, text: 'Pressed', ephemeral: true }]);
    expect(discord.as(BOB).sees()).toEqual([]);
  });

  it('tells who clicked what and where', async () => {
    const clicks: ButtonInteraction[] = [];
    const { alice, message } = await onPress((press) => {
      clicks.push(press);
      return press.deferUpdate();
    });

    await alice.press(message, 'go|1').responded;

    const [click] = clicks;
    expect(click?.user.id).toBe(ALICE);
    expect(click?.channelId).toBe(LAB);
    expect(click?.message.id).toBe(message);
    expect(click?.inCachedGuild() && click.member.roles.cache.map(({ name }) => name)).toContain('operators');
  });

  it('is only possible on a button that is there and can be pressed', async () => {
    const { alice, message, discord } = await onPress((press) => {
      const [go] = BUTTONS.components;
      return press.update({ components: [{ ...BUTTONS, components: [{ ...go, disabled: true }] }] });
    });
    await alice.press(message, 'go|1').responded;

    expect(() => alice.press(message, 'stop|1')).toThrow('has no button stop|1; it has go|1.');
    expect(() => alice.press(message, 'go|1')).toThrow("can't be pressed");
    expect(() => discord.as(BOB).press('1', 'go|1')).toThrow('bob sees no message 1.');
  });
});
