import { ComponentType } from 'discord.js';
import { rowOf, STYLES } from './buttons.ts';
import { toCustomId } from './custom-id.ts';
import { LIMITS } from './limits.ts';
import type { DiscordPayload } from './message.ts';
import { clip, escapeOneLine, escapeText, plainLine } from './text.ts';

/** The button that takes the question away. */
export const DISMISS_QUESTION = 'dismiss-question';

/**
 * What each button does that can't be taken back, for when the app doesn't say it in words that know
 * the job. The id that a click brings has no room for those, so these are true whatever the state of
 * the disks.
 */
const QUESTIONS: Readonly<Record<string, string>> = {
  'boot-local':
    'The box leaves the maintenance system and boots its own disk, and the job ends. With a half-written disk (the card says HALF WRITTEN) it may not come up, or hold broken files.',
  'power-cycle':
    'The box is switched off and on at once, whatever it is doing. What it has not flushed to its disks is lost.',
  'cancel-anyway':
    'The box is not waited for any longer. It may still be booting, so look at it first. With a half-written disk it stays in the maintenance system until somebody decides.',
};
const ANY_BUTTON = 'This can not be taken back.';

/** A button asks in at most 300 characters; escaped they are some more. */
const ASKS_LENGTH = 1000;

/** The sentence that is asked before the button has its effect; null when we have none for it. */
export function asksOf(buttonId: string): string | null {
  return Object.hasOwn(QUESTIONS, buttonId) ? (QUESTIONS[buttonId] ?? null) : null;
}

/**
 * Asks one person whether they are sure, with the same button again and one that does nothing.
 *
 * @param asks what the button asks now, as the app says it
 */
export function confirmQuestion(
  button: { id: string; value: string; label: string },
  asks: string | null = null,
): DiscordPayload {
  const { id, value, label } = button;
  const sure = toCustomId({ kind: 'sure', id, value });
  const notNow = toCustomId({ kind: 'press', id: DISMISS_QUESTION, value: '' });
  const question = asks === null ? (asksOf(id) ?? ANY_BUTTON) : clip(escapeText(asks), ASKS_LENGTH);
  return {
    content: `**${clip(escapeOneLine(`${label.replaceAll('`', '')}?`), LIMITS.embedTitle)}**\n${question}`,
    embeds: [],
    components: [
      rowOf([
        ...(sure === null ? [] : [buttonOf(sure, { label, style: STYLES.danger })]),
        ...(notNow === null ? [] : [buttonOf(notNow, { label: 'Not now', style: STYLES.plain })]),
      ]),
    ],
    allowed_mentions: { parse: [], users: [], roles: [] },
  };
}

function buttonOf<Style>(customId: string, { label, style }: { label: string; style: Style }) {
  return {
    type: ComponentType.Button as const,
    custom_id: customId,
    label: plainLine(label, LIMITS.buttonLabel),
    style,
  };
}
