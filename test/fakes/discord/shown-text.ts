import { ComponentType } from 'discord.js';
import { isJson, type Json } from './json.ts';
import type { StoredMessage } from './message-store.ts';

/** All components, with what they hold, in the order in which they are shown. */
export function flattened(components: readonly unknown[]): readonly Json[] {
  return components.filter(isJson).flatMap((component) => {
    const { components: inner, accessory, component: labelled } = component;
    const children = [...(Array.isArray(inner) ? inner : []), accessory, labelled];
    return [component, ...flattened(children)];
  });
}

export function textDisplays(components: readonly unknown[]): readonly string[] {
  return flattened(components).flatMap(({ type, content }) =>
    type === ComponentType.TextDisplay && typeof content === 'string' ? [content] : [],
  );
}

/** All that a message says, a part a line; buttons are no text. */
export function shownText(message: Pick<StoredMessage, 'content' | 'embeds' | 'components'>): string {
  const parts = [message.content, ...message.embeds.flatMap(embedTexts), ...textDisplays(message.components)];
  return parts.filter((part) => part !== '').join('\n');
}

/** Every text of an embed that its limit of 6000 characters counts. */
export function embedTexts(embed: Json): readonly string[] {
  const author = isJson(embed.author) ? embed.author.name : null;
  const footer = isJson(embed.footer) ? embed.footer.text : null;
  const fields = Array.isArray(embed.fields) ? embed.fields.filter(isJson) : [];
  const lines = fields.flatMap(({ name, value }) => [name, value]);
  const texts = [author, embed.title, embed.description, ...lines, footer];
  return texts.filter((text) => typeof text === 'string');
}

export function buttonsOf(
  components: readonly unknown[],
): readonly { customId: string; label: string; disabled: boolean }[] {
  return flattened(components).flatMap(({ type, custom_id, label, disabled }) =>
    type === ComponentType.Button && typeof custom_id === 'string'
      ? [{ customId: custom_id, label: typeof label === 'string' ? label : '', disabled: disabled === true }]
      : [],
  );
}
