import type { ActionsBlock, ConfirmationDialog, Button as SlackButton } from '@slack/types';
import type { Button } from '../../platform.ts';
import { LIMITS } from './limits.ts';
import { plainText } from './objects.ts';

/** As many as stand beside each other on a desktop; a phone breaks them by itself. */
const A_ROW = 5;
const ROWS = 30;

/**
 * Rows of buttons of at most `size` JSON. An id is there once a row, as Slack wants it. Buttons
 * whose ids Slack can't carry are left out: a shortened id would be another button.
 */
export function actionsBlocks(buttons: readonly Button[], size: number): ActionsBlock[] {
  const rows: SlackButton[][] = [];
  let used = 0;
  for (const button of buttons.filter(canBeCarried).map(slackButton)) {
    used += JSON.stringify(button).length + ROW_OVERHEAD;
    if (used > size) break;
    const row = rows.at(-1);
    if (row !== undefined && hasRoom(row, button)) row.push(button);
    else if (rows.length < ROWS) rows.push([button]);
    else break;
  }
  return rows.map((elements) => ({ type: 'actions', elements }));
}

const ROW_OVERHEAD = JSON.stringify({ type: 'actions', elements: [] }).length + 1;

function hasRoom(row: readonly SlackButton[], button: SlackButton): boolean {
  return row.length < A_ROW && row.every(({ action_id }) => action_id !== button.action_id);
}

function canBeCarried({ id, value }: Button): boolean {
  return id !== '' && id.length <= LIMITS.actionId && value.length <= LIMITS.buttonValue;
}

function slackButton({ id, value, label, style, asks }: Button): SlackButton {
  return {
    type: 'button',
    action_id: id,
    text: plainText(label, LIMITS.buttonLabel),
    ...(value === '' ? {} : { value }),
    ...(style === 'plain' ? {} : { style }),
    ...(asks === undefined ? {} : { confirm: confirmation(label, asks) }),
  };
}

/** Slack asks before it sends the click. */
function confirmation(label: string, text: string): ConfirmationDialog {
  return {
    title: plainText(`${label}?`, LIMITS.confirmTitle),
    text: plainText(text, LIMITS.confirmText),
    confirm: plainText(label, LIMITS.confirmButton),
    deny: plainText('Not now', LIMITS.confirmButton),
    style: 'danger',
  };
}
