import { describe, expect, it } from 'vitest';
import { homeView } from '../../../../src/chat/slack/blocks/home.ts';
import { messageBlocks } from '../../../../src/chat/slack/blocks/message.ts';
import { reasonFormView } from '../../../../src/chat/slack/blocks/reason-form.ts';
import { requestFormView } from '../../../../src/chat/slack/blocks/request-form.ts';
import { checkView } from '../../../fakes/slack/blocks.ts';
import { checkMessage } from './check-message.ts';
import { HOME, REQUEST_FORM } from './stories/home.ts';
import { MESSAGES } from './stories/messages.ts';
import { links } from './stories/people.ts';

const METADATA = { privateMetadata: '{"thread":null}' };

describe('on Slack', () => {
  it.each(Object.entries(MESSAGES))('%s looks as it should', async (name, message) => {
    const rendered = messageBlocks(message, links);

    checkMessage(rendered);
    await expect(asJson(rendered)).toMatchFileSnapshot(`golden/${name}.json`);
  });

  it.each([
    ['request-form', requestFormView(REQUEST_FORM, METADATA)],
    ['reason-form', reasonFormView({ buttonId: 'deny', ...METADATA })],
  ])('%s looks as it should', async (name, view) => {
    checkView(view, 'modal');
    await expect(asJson(view)).toMatchFileSnapshot(`golden/${name}.json`);
  });

  it('the Home tab looks as it should', async () => {
    const view = homeView(HOME, links);

    checkView(view, 'home');
    await expect(asJson(view)).toMatchFileSnapshot('golden/home.json');
  });
});

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
