/**
 * What Discord takes, in UTF-16 units: Discord counts characters, which are never more.
 * https://discord.com/developers/docs/resources/message, /components/reference
 */
export const LIMITS = {
  content: 2000,
  embedTitle: 256,
  embedDescription: 4096,
  buttonLabel: 80,
  customId: 100,
  buttonsARow: 5,
  rows: 5,
  modalTitle: 45,
  inputLabel: 45,
  inputDescription: 100,
  choiceName: 100,
  choiceValue: 100,
  choices: 25,
} as const;

/** Ids are short. With title and description it stays below the 6000 characters of all embeds. */
export const FOOTER_LENGTH = 500;

/** A longer line is cut, so that others have room beside it. */
export const LINE_LENGTH = 900;

/** With the first line they fit into the content. */
export const MENTIONS = 40;
