import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { renderCard } from '../src/chat/card.ts';
import { renderMessage } from '../src/chat/console/render.ts';
import { COMMANDS } from '../src/domain/command-table.ts';
import { NOTES, NOW, restoreJob } from './fakes/job.ts';

const README = new URL('../README.md', import.meta.url);

describe('the README', () => {
  it('shows the card as our own code draws it', async () => {
    const readme = await readFile(README, 'utf8');
    const createdAt = new Date(NOW - 3 * 86_400_000).toISOString();
    const job = restoreJob({
      state: 'awaiting-approval',
      confirmedDigest: restoreJob().digest,
      reason: 'the nightly run left the disk in pieces',
      notes: { ...NOTES, images: [{ slot: 'sda', createdAt, codedBytes: 4_000_000 }] },
    });
    const card = renderCard({ job, testbox: null, hearing: null, queuePlace: null, approvers: [], now: NOW });

    const lines = renderMessage(card, { colour: false, numberOf: () => null });

    expect(readme).toContain(
      ['<!-- card:begin -->', '```text', ...lines, '```', '<!-- card:end -->'].join('\n'),
    );
  });

  it('names every command of the table', async () => {
    const readme = await readFile(README, 'utf8');

    for (const { word } of COMMANDS) expect(readme).toContain(`\`${word}`);
  });
});
