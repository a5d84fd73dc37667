/**
 * What Slack takes, in UTF-16 units: Slack counts characters, which are never more.
 * https://docs.slack.dev/reference/block-kit
 */
export const LIMITS = {
  sectionText: 3000,
  headerText: 150,
  buttonLabel: 75,
  buttonValue: 2000,
  actionId: 255,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  optionValue: 75,
  options: 100,
  viewTitle: 24,
  viewButton: 24,
  placeholder: 150,
  privateMetadata: 3000,
  messageBlocks: 50,
  viewBlocks: 100,
} as const;

/**
 * All blocks of a message together, as JSON. Slack refuses with `msg_blocks_too_long` somewhere
 * above 12,000 characters; it is not documented, and what it counts isn't either (bolt-js#2509,
 * bolt-js#2867: refused at 11,341 characters of text).
 */
export const MESSAGE_SIZE = 10_000;

/** `text` beside the blocks: `chat.update` refuses more than 4,000 characters. */
export const FALLBACK_TEXT = 3900;

/** A longer line is cut, so that others have room beside it. */
export const LINE_LENGTH = 1000;
