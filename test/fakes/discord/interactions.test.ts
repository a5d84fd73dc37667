import {
  ButtonStyle,
  ComponentType,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, LAB } from './guild.ts';
import { guildWithApp } from './scene.ts';

const BUTTONS = {
  type: ComponentType.ActionRow,
  components: [{ type: ComponentType.Button, style: ButtonStyle.Primary, custom_id: 'go|1', label: 'Go' }],
} as const;

describe('a command', () => {
  it('is answered for one person only', async () => {
    const { discord } = await guildWithApp(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      const box = interaction.options.getString('box', true);
      await interaction.reply({ content: `Hello ${box}`, flags: MessageFlags.Ephemeral });
    });

    const { type } = await discord.as(ALICE).command(LAB, 'run', { box: 'rack1' }).responded;

    expect(type).toBe(4);
    expect(discord.as(ALICE).sees()).toMatchObject([{ text: 'Hello rack1', ephemeral: true }]);
    expect(discord.as(BOB).sees()).toEqual([]);
    expect(discord.breaches()).toEqual([]);
  });

  it('may be answered later', async () => {
    const { discord } = await guildWithApp(async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      await interaction.editReply({ content: 'Done', components: [BUTTONS] });
      await interaction.followUp({ content: 'And more', flags: MessageFlags.Ephemeral });
    });

    await discord.as(ALICE).command(LAB, 'help').responded;

    await expect
      .poll(() =>
        discord
          .as(ALICE)
          .sees()
          .map(({ text }) => text),
      )
      .toEqual(['Done', 'And more']);
    expect(discord.as(BOB).sees()).toMatchObject([{ text: 'Done', buttons: [{ customId: 'go|1' }] }]);
  });
});

describe('a dialog', () => {
  it('opens from a button and changes its message', async () => {
    const { discord } = await guildWithApp(async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.reply({ content: 'Press', components: [BUTTONS] });
      if (interaction.isButton()) {
        const input = new TextInputBuilder().setCustomId('why').setStyle(TextInputStyle.Short);
        const label = new LabelBuilder().setLabel('Why').setTextInputComponent(input);
        const modal = new ModalBuilder().setCustomId('deny|1').setTitle('Deny').addLabelComponents(label);
        await interaction.showModal(modal);
      }
      if (interaction.isModalSubmit() && interaction.isFromMessage()) {
        await interaction.update({ content: interaction.fields.getTextInputValue('why'), components: [] });
      }
    });
    const alice = discord.as(ALICE);
    await alice.command(LAB, 'help').responded;
    const message = alice.sees().at(-1);

    await alice.press(message?.id ?? '', 'go|1').responded;
    expect(alice.modal()).toEqual({
      ...{ customId: 'deny|1', title: 'Deny' },
      fields: [{ customId: 'why', label: 'Why', required: true }],
    });
    await alice.submit({ why: 'Too early' }).responded;

    expect(alice.modal()).toBeNull();
    expect(alice.sees()).toMatchObject([{ text: 'Too early', edited: true, buttons: [] }]);
    expect(discord.breaches()).toEqual([]);
  });
});
