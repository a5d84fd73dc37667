import { describe, expect, it } from 'vitest';
import { sdkLog, withoutSecrets } from '../../../src/chat/slack/sdk-log.ts';

describe("the SDKs' log", () => {
  it('has neither tokens nor tickets in it', () => {
    const text =
      'xoxb-12-34-aBc and xapp-1-A0-99-ff00, xoxe.xoxp-1-Mi0, wss://wss-primary.slack.com/link/?ticket=abc&app_id=A0';

    expect(withoutSecrets(text)).toBe(
      '[secret] and [secret], [secret], wss://wss-primary.slack.com/link/?ticket=[secret]&app_id=A0',
    );
  });

  it('keeps what the SDKs find worth a warning, and none of their debugging', () => {
    const said: unknown[] = [];
    const note = (level: string) => (fields: object) => void said.push([level, fields]);
    const log = sdkLog({ info: note('info'), warn: note('warn'), error: note('error') });

    log.debug('body', { text: 'what somebody wrote' });
    log.info('retrying');
    log.warn('lost', 'xoxb-1-2');
    log.error(new Error('socket'));

    expect(said).toEqual([
      ['info', { said: 'retrying' }],
      ['warn', { said: 'lost [secret]' }],
      ['warn', { said: 'Error: socket' }],
    ]);
  });
});
