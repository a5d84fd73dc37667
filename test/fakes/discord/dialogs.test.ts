import { LabelBuilder, ModalBuilder, TextInputBuilder, TextInputStyle } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, LAB } from './guild.ts';
import { guildWithApp } from './scene.ts';

const MODAL = new ModalBuilder()
  .setCustomId('deny|1')
  .setTitle('Deny')
  .addLabelComponents(
    new LabelBuilder()
      .setLabel('Why')
      .setTextInputComponent(
        new TextInputBuilder()
          .setCustomId('why')
          .setStyle(TextInputStyle.Short)
          .setMinLength(3)
          .setMaxLength(9),
      ),
    new LabelBuilder()
      .setLabel('Note')
      .setTextInputComponent(
        new TextInputBuilder().setCustomId('note').setStyle(TextInputStyle.Paragraph).setRequired(false),
      ),
  );

/** A guild where a command opens the dialog, and its answer repeats what was typed. */
async function withDialog() {
  const scene = await guildWithApp(async (interaction) => {
    if (interaction.isChatInputCommand()) await interaction.showModal(MODAL);
    if (interaction.isModalSubmit()) {
      const [why, note] = ['why', 'note'].map((name) => interaction.fields.getTextInputValue(name));
      await interaction.reply(`${why}/${note}`);
    }
  });
  const alice = scene.discord.as(ALICE);
  await alice.command(LAB, 'help').responded;
  return { ...scene, alice };
}

describe('a dialog', () => {
  it('is shown to who asked, and sends what was typed', async () => {
    const { discord, alice } = await withDialog();
    expect(alice.modal()).toEqual({
      ...{ customId: 'deny|1', title: 'Deny' },
      fields: [
        { customId: 'why', label: 'Why', required: true },
        { customId: 'note', label: 'Note', required: false },
      ],
    });
    expect(discord.as(BOB).modal()).toBeNull();

    await alice.submit({ why: 'early' }).responded;

    expect(alice.modal()).toBeNull();
    expect(alice.sees()).toMatchObject([{ text: 'early/' }]);
    expect(discord.breaches()).toEqual([]);
  });

  it.each([
    [{}, '"why" is required'],
    [{ why: 'no' }, 'must have 3 to 9 characters'],
    [{ why: 'much too long' }, 'must have 3 to 9 characters'],
    [{ why: 'early', when: 'now' }, 'has no field "when"; it has why, note.'],
  ])('can’t be submitted with %j', async (fields, sentence) => {
    const { alice } = await withDialog();

    expect(() => alice.submit(fields)).toThrow(sentence);
    expect(alice.modal()).not.toBeNull();
  });

  it('can be closed, and the app never hears of it', async () => {
    const { alice, discord } = await withDialog();

    alice.closeModal();

    expect(alice.modal()).toBeNull();
    expect(() => alice.submit({ why: 'early' })).toThrow('alice has no dialog open.');
    expect(discord.pending()).toBe(0);
  });
});
