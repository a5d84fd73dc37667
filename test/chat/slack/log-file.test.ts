import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatPlatform } from '../../../src/chat/platform.ts';
import { LIMITS } from '../../../src/chat/slack/blocks/limits.ts';
import { fileTail } from '../../../src/chat/slack/log-file.ts';
import { message } from '../../contracts/chat-platform.ts';
import { ALICE, LAB } from '../../fakes/slack/workspace.ts';
import { type SlackScene, slackScene } from './slack-fixture.ts';

const FILE = { name: 'agent.log', content: 'disk 0: read\ndisk 1: `I/O` error at <4096> & on\n' };
const NO_FILES = ['chat:write', 'channels:history', 'groups:history'];

describe('a file in a thread', () => {
  it('comes after the message that speaks of it, in the same thread', async () => {
    const { failed, seen, card } = await withCard();

    await failed();

    const [, said, file] = seen(ALICE);
    expect(said).toMatchObject({ text: 'failed', threadTs: card.ts, files: [] });
    expect(file).toMatchObject({ threadTs: card.ts, files: [FILE] });
  });

  it('comes under a message of the channel too', async () => {
    const { platform, seen } = await withCard();

    await platform.post({ channel: LAB, nonce: 'n2' }, message('report', { attachment: FILE }));

    const said = seen(ALICE).find(({ text }) => text === 'report');
    expect(seen(ALICE).at(-1)).toMatchObject({ threadTs: said?.ts, files: [FILE] });
  });

  it('that is empty is left out', async () => {
    const { platform, thread, slack } = await withCard();

    await platform.postInThread(thread, message('failed', { attachment: { name: 'a.log', content: '' } }));

    expect(slack.calls().filter(({ method }) => method.startsWith('files'))).toEqual([]);
  });

  it.each(['files.getUploadURLExternal', 'files.completeUploadExternal'])(
    'is brought later when %s fails, without another message',
    async (method) => {
      const { failed, slack, seen, ledger } = await withCard();
      slack.failNext(method, 'internal_error');

      await expect(failed()).rejects.toThrow("can't be reached");
      const between = ledger.stateOf('t1');
      await failed();

      expect(between).toBe('unknown');
      expect(seen(ALICE).map(({ text, files }) => [text, files.length])).toEqual([
        ['card', 0],
        ['failed', 0],
        ['', 1],
      ]);
    },
  );

  it('is not brought again when the answer to its arrival was lost', async () => {
    const { failed, slack, files } = await withCard();
    slack.loseNextAnswer('files.completeUploadExternal');

    await expect(failed()).rejects.toThrow("can't be reached");
    await failed();

    expect(files()).toEqual([FILE]);
  });

  it('is not brought again by the next bot', async () => {
    const { failed, connect, ledger, files } = await withCard();
    ledger.dieBefore('posted');
    await expect(failed()).rejects.toThrow('killed');

    await failed(connect());

    expect(files()).toEqual([FILE]);
  });

  it('of an earlier notice in the thread is not taken for it', async () => {
    const { platform, thread, failed, slack, files } = await withCard();
    const earlier = { name: FILE.name, content: 'an older end' };
    await platform.postInThread({ ...thread, nonce: 't0' }, message('failed', { attachment: earlier }));
    slack.failNext('files.getUploadURLExternal', 'internal_error');

    await expect(failed()).rejects.toThrow("can't be reached");
    await failed();

    expect(files()).toEqual([earlier, FILE]);
  });

  it('that Slack refuses leaves its end as a message, once, and the log says why', async () => {
    const { failed, connect, slack, seen, card, ledger, warnings } = await withCard();
    slack.setScopes(NO_FILES);
    ledger.dieBefore('posted');
    await expect(failed()).rejects.toThrow('killed');

    await failed(connect());
    await failed(connect());

    const [, , end, ...more] = seen(ALICE);
    expect(end).toMatchObject({ text: 'The end of agent.log:', threadTs: card.ts, broadcast: false });
    expect(JSON.stringify(end?.blocks)).toContain('`I/O` error at &lt;4096&gt; &amp; on');
    expect(more).toEqual([]);
    expect(warnings.map(({ fields }) => fields)).toContainEqual({
      file: 'agent.log',
      why: expect.stringContaining('files:write'),
    });
  });

  it('whose upload never gets through is given up at the third try', async () => {
    const { failed, slack, seen } = await withCard();
    for (let tries = 0; tries < 3; tries += 1) slack.failNext('files.getUploadURLExternal', 'internal_error');

    await expect(failed()).rejects.toThrow("can't be reached");
    await expect(failed()).rejects.toThrow("can't be reached");
    await failed();

    expect(seen(ALICE).map(({ text }) => text)).toEqual(['card', 'failed', 'The end of agent.log:']);
  });

  it('waits while the token is refused', async () => {
    const { failed, slack, seen, refused } = await withCard();
    slack.failNext('files.getUploadURLExternal', 'token_revoked');

    await expect(failed()).rejects.toThrow('SLACK_BOT_TOKEN');

    expect(refused).toHaveLength(1);
    expect(seen(ALICE).map(({ text }) => text)).toEqual(['card', 'failed']);
  });
});

describe('the end of a file as a message', () => {
  it('keeps the last lines that fit', () => {
    const content = Array.from({ length: 900 }, (_, at) => `line ${at}`).join('\n');

    const code = codeOf(fileTail({ name: 'a.log', content }));

    expect(code).toMatch(/line 898\nline 899\n```$/);
    expect(code).not.toContain('line 1\n');
  });

  it('fits and stays within its block, whatever is in it', () => {
    const ugly = fc.stringMatching(/^[`<>&a \n\t\u0007@!]*$/, { size: 'large' });
    fc.assert(
      fc.property(fc.oneof(ugly, fc.string({ size: 'large' })), (content) => {
        const code = codeOf(fileTail({ name: 'a.log', content }));
        const inside = code.slice(4, -4);

        expect(code.length).toBeLessThanOrEqual(LIMITS.sectionText);
        expect(inside).not.toMatch(/```|<|>|&(?!amp;|lt;|gt;)/);
      }),
    );
  });
});

function codeOf({ blocks }: ReturnType<typeof fileTail>): string {
  const section = blocks.at(-1);
  return section?.type === 'section' ? (section.text?.text ?? '') : '';
}

async function withCard() {
  const scene: SlackScene = await slackScene({ rateLimits: false });
  const { connect, seen } = scene;
  const platform = connect();
  const card = await platform.post({ channel: LAB, nonce: 'n1' }, message('card'));
  const thread = { card, nonce: 't1', broadcast: false };
  const [shown] = seen(ALICE);
  return {
    ...scene,
    ...{ platform, thread, card: shown ?? expect.fail('there is no card') },
    /** Says that the job failed, with the file. */
    failed: (by: ChatPlatform = platform) => by.postInThread(thread, message('failed', { attachment: FILE })),
    files: () => seen(ALICE).flatMap(({ files }) => files),
  };
}
