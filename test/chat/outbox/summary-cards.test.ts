import { beforeEach, describe, expect, it } from 'vitest';
import { AnnounceError, type ChatPlace } from '../../../src/app/chat-ports.ts';
import type { JobView } from '../../../src/app/job-view.ts';
import { Outbox } from '../../../src/chat/outbox.ts';
import type { JobState } from '../../../src/domain/job.ts';
import { createTestApp, type TestApp } from '../../fakes/app.ts';
import { FakeChat } from '../../fakes/chat.ts';
import { NOW, restoreJob } from '../../fakes/job.ts';

const PLACE: ChatPlace = { platform: 'console', channel: 'lab' };
const CLOSED = "Few enough again: each job's card shows its own progress.";

let app: TestApp;
let chat: FakeChat;
let outbox: Outbox;

beforeEach(async () => {
  app = await createTestApp();
  chat = new FakeChat();
  outbox = restarted();
});

function restarted(): Outbox {
  const { refs, summaries, log } = app;
  return new Outbox({ platforms: [chat], refs, summaries, log });
}

function jobs(state: JobState = 'running', now = NOW): JobView[] {
  const job = restoreJob({ state });
  return [{ job, testbox: null, hearing: null, queuePlace: null, approvers: [], now }];
}

const shown = () => chat.cards().map(({ message, edits }) => [message.lines[0] ?? message.text, edits]);

describe('a summary card', () => {
  it('is posted once, and edited only when it has something else to show', async () => {
    await outbox.summarise(PLACE, jobs());
    await outbox.summarise(PLACE, jobs());
    expect(shown()).toEqual([['⏳ restore pluto: running', 0]]);

    await outbox.summarise(PLACE, jobs('held'));

    expect(shown()).toEqual([['❓ restore pluto: held', 1]]);
    expect(chat.asked).toEqual([
      { kind: 'post', channel: 'lab', urgency: 'stage' },
      { kind: 'edit', channel: 'lab', urgency: 'people' },
    ]);
  });

  it('is closed with a last word, and the next one is another message', async () => {
    await outbox.summarise(PLACE, jobs());
    await outbox.summarise(PLACE, []);
    await outbox.summarise(PLACE, []);
    expect(await app.summaries.open()).toEqual([]);

    await outbox.summarise(PLACE, jobs('running', NOW + 1));

    expect(shown()).toEqual([
      [CLOSED, 1],
      ['⏳ restore pluto: running', 0],
    ]);
  });

  it('that a killed bot posted is found again, and brought up to date', async () => {
    await killedAfterPost();

    await outbox.summarise(PLACE, jobs('held', NOW + 9_000));
    await outbox.summarise(PLACE, jobs('held', NOW + 14_000));

    expect(shown()).toEqual([['❓ restore pluto: held', 1]]);
  });

  it('that a killed bot posted is closed by the next one when few jobs are left', async () => {
    await killedAfterPost();
    expect(await app.summaries.open()).toEqual([PLACE]);

    await outbox.summarise(PLACE, []);

    expect(shown()).toEqual([[CLOSED, 1]]);
    expect(await app.summaries.open()).toEqual([]);
  });

  async function killedAfterPost() {
    chat.afterPost = () => {
      throw new Error('killed');
    };
    await expect(outbox.summarise(PLACE, jobs())).rejects.toThrow('killed');
    chat.afterPost = () => {};
    outbox = restarted();
  }

  it('is posted anew when somebody deleted it', async () => {
    await outbox.summarise(PLACE, jobs());
    chat.messages.length = 0;

    await outbox.summarise(PLACE, jobs('held'));
    await outbox.summarise(PLACE, jobs('held', NOW + 5_000));

    expect(shown()).toEqual([['❓ restore pluto: held', 0]]);
  });

  it('is tried again after a minute where the channel takes no posts', async () => {
    chat.refusing.set('lab', 'The channel is archived.');

    const refused = await outbox.summarise(PLACE, jobs()).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(AnnounceError);
    expect(refused).toMatchObject({ retryAfterMs: 60_000 });
  });
});
