import { expect, it } from 'vitest';
import type { SeenMessage } from '../fakes/slack/types.ts';
import { plainText } from './slack-text.ts';

function seen(changes: Partial<SeenMessage>): SeenMessage {
  return {
    ...{ channel: 'C0LAB', ts: '1.000001', threadTs: null, ephemeral: false, user: 'UBOT' },
    ...{ text: '', blocks: [], edited: false, broadcast: false, files: [] },
    ...changes,
  };
}

it.each([
  ['`ssh root@10.40.41.42` and `/testbox release pluto`', 'ssh root@10.40.41.42 and /testbox release pluto'],
  ['*bold*, _italic_ and ~struck~ words', 'bold, italic and struck words'],
  ['disk_size of 2*3 and a*b*c', 'disk_size of 2*3 and a*b*c'],
  ['<@UBOB> <!subteam^SOPERATORS> in <#C0LAB>', '@bob @operators in #lab'],
  ['<https://acme.slack.com/archives/C0LAB/p1|the card>', 'the card'],
  ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
  ['\u2217not bold\u2217 :a\u200bb:', '*not bold* :ab:'],
])('reads %s as people do', (text, plain) => {
  expect(plainText(seen({ text }))).toBe(plain);
});

it('reads all blocks, buttons by their labels, and files, and no notification text beside blocks', () => {
  const text = { type: 'plain_text', text: '✅ backup pluto' } as const;
  const message = seen({
    text: 'only for the notification',
    blocks: [
      { type: 'header', text },
      { type: 'section', text: { type: 'mrkdwn', text: '10.40.41.42 · job `7k3m9q2x`' } },
      {
        type: 'plan',
        title: 'Stages',
        tasks: [{ type: 'task_card', task_id: '1', title: 'boot', status: 'complete' }],
      },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'cancel', text: { type: 'plain_text', text: 'Cancel' } }],
      },
    ],
    files: [{ name: 'pluto.log', content: 'the last lines' }],
  });

  expect(plainText(message).split('\n')).toEqual([
    '✅ backup pluto',
    '10.40.41.42 · job 7k3m9q2x',
    'Stages',
    'boot',
    '[Cancel]',
    'the last lines',
  ]);
});
