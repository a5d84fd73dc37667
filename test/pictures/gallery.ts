import { homeView } from '../../src/chat/slack/blocks/home.ts';
import { messageBlocks } from '../../src/chat/slack/blocks/message.ts';
import { reasonFormView } from '../../src/chat/slack/blocks/reason-form.ts';
import { requestFormView } from '../../src/chat/slack/blocks/request-form.ts';
import { HOME, REQUEST_FORM } from '../chat/slack/blocks/stories/home.ts';
import { MESSAGES } from '../chat/slack/blocks/stories/messages.ts';
import { CHANNEL, links, NAMES } from '../chat/slack/blocks/stories/people.ts';
import {
  homeHtml,
  messageHtml,
  modalHtml,
  repliesHtml,
  type ShownMessage,
  threadHtml,
} from './html/frames.ts';
import type { Directory } from './html/mrkdwn.ts';

const DIRECTORY: Directory = { users: NAMES, channels: { [CHANNEL]: 'lab' } };
const METADATA = { privateMetadata: '' };

/** The body of every picture, by its file's name without `.png`. */
export const GALLERY: Readonly<Record<string, string>> = {
  'slack-preview': shown('preview', { time: '17:00', onlyVisibleToYou: true }),
  'slack-card-approval': shown('card-approval', { time: '17:00' }),
  'slack-card-running': shown('card-running', { time: '17:00' }),
  'slack-card-done': shown('card-done', { time: '17:00' }),
  'slack-thread-failed': threadHtml('lab', [
    shown('card-stopped', { time: '17:00' }),
    repliesHtml(6),
    shown('notice-approval', { time: '17:00' }),
    shown('notice-approved', { time: '17:01', follows: true }),
    shown('notice-rebooting', { time: '17:01', follows: true }),
    shown('notice-imaging', { time: '17:03', follows: true }),
    shown('notice-failed', { time: '17:13', alsoInChannel: true }),
    file('notice-failed', '17:13'),
  ]),
  'slack-home': homeHtml(homeView(HOME, links), DIRECTORY),
  'slack-request-form': modalHtml(requestFormView(REQUEST_FORM, METADATA), DIRECTORY),
  'slack-reason-form': modalHtml(reasonFormView({ buttonId: 'deny', ...METADATA }), DIRECTORY),
};

function shown(name: keyof typeof MESSAGES, how: Omit<ShownMessage, 'blocks' | 'file'>): string {
  const { blocks } = messageBlocks(MESSAGES[name], links);
  return messageHtml({ ...how, blocks }, DIRECTORY);
}

/** The attachment follows as a message of its own. */
function file(name: keyof typeof MESSAGES, time: string): string {
  return messageHtml({ time, follows: true, blocks: [], file: MESSAGES[name].attachment }, DIRECTORY);
}
