import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Button } from '../../platform.ts';
import { toCustomId } from './custom-id.ts';
import { LIMITS } from './limits.ts';
import { plainLine } from './text.ts';

export type ButtonRow = APIActionRowComponent<APIButtonComponentWithCustomId>;

/** As `Button.style` says it. */
export const STYLES = {
  plain: ButtonStyle.Secondary,
  primary: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const;

/**
 * Rows of five. Buttons whose ids Discord can't carry are left out: a shortened id would be another
 * button. A second one of the same id is too, for Discord refuses the whole message.
 */
export function buttonRows(buttons: readonly Button[]): ButtonRow[] {
  const carried = buttons.flatMap(discordButton);
  const once = carried.filter(
    ({ custom_id }, index) => carried.findIndex((other) => other.custom_id === custom_id) === index,
  );
  return Array.from(
    { length: Math.min(LIMITS.rows, Math.ceil(once.length / LIMITS.buttonsARow)) },
    (_, row) => rowOf(once.slice(row * LIMITS.buttonsARow, (row + 1) * LIMITS.buttonsARow)),
  );
}

export function rowOf(components: APIButtonComponentWithCustomId[]): ButtonRow {
  return { type: ComponentType.ActionRow, components };
}

/** Discord has no dialog that asks before a click: the click on a button that asks opens a question. */
function discordButton({ id, value, label, style, asks }: Button): APIButtonComponentWithCustomId[] {
  const customId = toCustomId({ kind: asks === undefined ? 'press' : 'ask', id, value });
  if (customId === null) return [];
  return [
    {
      type: ComponentType.Button,
      custom_id: customId,
      label: plainLine(label, LIMITS.buttonLabel),
      style: STYLES[style],
    },
  ];
}
