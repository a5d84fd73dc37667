import { ButtonStyle, ComponentType, MessageFlags, Routes } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { ALICE, LAB } from './guild.ts';
import { codeOf, guild, refusal } from './scene.ts';

interface Posted {
  id: string;
}

const MESSAGES = Routes.channelMessages(LAB);

function text(content: string) {
  return { type: ComponentType.TextDisplay, content };
}

function button(custom_id: string, label = 'Go') {
  return { type: ComponentType.Button, style: ButtonStyle.Primary, custom_id, label };
}

function row(...components: unknown[]) {
  return { type: ComponentType.ActionRow, components };
}

describe('limits', () => {
  const long = (length: number): string => 'x'.repeat(length);
  const layout = (...components: unknown[]): object => ({ flags: MessageFlags.IsComponentsV2, components });
  const rows = (count: number): unknown[] => Array.from({ length: count }, (_, at) => row(button(`b${at}`)));
  const embed = (length: number): object => ({ title: 't', description: long(length - 1) });

  it.each<[string, object, object]>([
    ['content', { content: long(2000) }, { content: long(2001) }],
    ['embeds', { embeds: Array(10).fill(embed(2)) }, { embeds: Array(11).fill(embed(2)) }],
    ['all embeds together', { embeds: [embed(3000), embed(3000)] }, { embeds: [embed(3000), embed(3001)] }],
    ['an embed’s title', { embeds: [{ title: long(256) }] }, { embeds: [{ title: long(257) }] }],
    [
      'an embed’s field',
      { embeds: [{ fields: [{ name: 'n', value: long(1024) }] }] },
      { embeds: [{ fields: [{ name: 'n', value: long(1025) }] }] },
    ],
    ['rows', { components: rows(5) }, { components: rows(6) }],
    [
      'buttons of a row',
      { components: [row(...['1', '2', '3', '4', '5'].map((id) => button(id)))] },
      { components: [row(...['1', '2', '3', '4', '5', '6'].map((id) => button(id)))] },
    ],
    ['a custom id', { components: [row(button(long(100)))] }, { components: [row(button(long(101)))] }],
    [
      'twins',
      { components: [row(button('a'), button('b'))] },
      { components: [row(button('a'), button('a'))] },
    ],
    ['a label', { components: [row(button('a', long(80)))] }, { components: [row(button('a', long(81)))] }],
    ['40 components', layout(...Array(40).fill(text('x'))), layout(...Array(41).fill(text('x')))],
    [
      '40 components, nested ones too',
      layout({ type: ComponentType.Container, components: Array(39).fill(text('x')) }),
      layout({ type: ComponentType.Container, components: Array(40).fill(text('x')) }),
    ],
    [
      'texts of a layout',
      layout(text(long(2000)), text(long(2000))),
      layout(text(long(2000)), text(long(2001))),
    ],
    ['a layout beside content', layout(text('x')), { ...layout(text('x')), content: 'x' }],
    ['a layout beside embeds', layout(text('x')), { ...layout(text('x')), embeds: [embed(2)] }],
    ['a layout without its flag', layout(text('x')), { components: [text('x')] }],
    [
      'mentions',
      { content: 'x', allowed_mentions: { parse: [] } },
      { content: 'x', allowed_mentions: { parse: ['users'], users: [ALICE] } },
    ],
    ['a nonce', { content: 'x', nonce: long(25) }, { content: 'x', nonce: long(26) }],
  ])('%s', async (_what, fits, tooMuch) => {
    const { discord, rest } = await guild();

    await rest.post(MESSAGES, { body: fits });
    expect(discord.breaches()).toEqual([]);

    expect(await refusal(rest.post(MESSAGES, { body: tooMuch }))).toMatchObject({ status: 400, code: 50035 });
    expect(discord.breaches()).toHaveLength(1);
    expect(discord.as(ALICE).sees()).toHaveLength(1);
  });

  it('of a layout: its flag stays', async () => {
    const { rest } = await guild();
    const { id } = (await rest.post(MESSAGES, { body: layout(text('x')) })) as Posted;
    const route = Routes.channelMessage(LAB, id);

    await rest.patch(route, { body: { components: [text('y')] } });

    expect(await codeOf(rest.patch(route, { body: { flags: 0 } }))).toBe(50035);
    expect(await codeOf(rest.patch(route, { body: { content: 'x' } }))).toBe(50035);
  });

  it('of saying nothing', async () => {
    const { rest } = await guild();

    expect(await codeOf(rest.post(MESSAGES, { body: { content: '' } }))).toBe(50006);
  });
});
