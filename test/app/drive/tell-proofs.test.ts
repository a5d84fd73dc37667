import { beforeEach, describe, expect, it } from 'vitest';
import { Driver } from '../../../src/app/drive/driver.ts';
import { ShareError } from '../../../src/app/share-port.ts';
import type { TestApp } from '../../fakes/app.ts';
import { catalogOf, generation } from '../../fakes/catalog.ts';
import { type Conversation, converse } from '../../fakes/conversation.ts';
import { person } from '../../fakes/people.ts';
import { PLUTO } from '../../fakes/plan.ts';

let lab: Conversation;
let app: TestApp;

beforeEach(async () => {
  lab = await converse();
  app = lab.app;
  app.share.catalogs.set(PLUTO, catalogOf([generation(1), generation(2)]));
});

/** Each image takes so long. */
function readingTakes(ms: number): void {
  const read = app.share.verifyImage.bind(app.share);
  app.share.verifyImage = async (what) => {
    app.clock.advance(ms);
    return read(what);
  };
}

/** A bot that was started anew, until what it reads is read and told. */
async function drive(driver = new Driver(app)): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    app.clock.advance(61_000);
    await driver.pass();
    await driver.settled();
    do await new Promise((resolve) => setImmediate(resolve));
    while (app.verifying.size > 0);
  }
}

/** As a bot leaves it that is stopped while it reads. */
function leftUnread(id: string): Promise<void> {
  return app.askedProofs.begin({
    ...{ id, address: PLUTO, platform: 'console', user: 'alice', channel: 'lab' },
    at: app.clock.now(),
  });
}

describe('a proof that takes longer than somebody waits for', () => {
  it('is told to who asked, once, and not where nobody looks any more', async () => {
    app.share.damaged.set(1, 'it is damaged');
    readingTakes(61_000);

    const { seen } = await lab.say('verify pluto');
    await drive();
    await drive();

    expect(seen.map(({ text }) => text)).toEqual([expect.stringContaining('Reading the images of pluto')]);
    expect(app.teller.proofs).toMatchObject([
      {
        ...{ box: 'pluto', platform: 'console', user: 'alice', channel: 'lab' },
        result: { kind: 'read', images: [{ generation: 2, problem: null }, { problem: 'it is damaged' }] },
      },
    ]);
    expect(await app.askedProofs.open()).toEqual([]);
  });

  it('is told once the chat is there again', async () => {
    readingTakes(61_000);
    await lab.say('verify pluto');
    app.teller.down = true;
    await drive();
    app.teller.down = false;
    expect(app.teller.proofs).toEqual([]);

    await drive();

    expect(app.teller.proofs).toHaveLength(1);
  });

  it('is answered where it was asked when it takes just not so long', async () => {
    readingTakes(59_000);

    const { seen } = await lab.say('verify pluto');
    await drive();

    expect(seen.at(-1)?.text).toBe('All images of pluto are sound.');
    expect(app.teller.proofs).toEqual([]);
  });

  it('is told in another way where the answer is not taken', async () => {
    let answered = 0;
    const answer = async () => {
      answered += 1;
      if (answered === 2) throw new Error('Unknown Webhook');
    };
    const where = { person: person('alice'), channel: 'lab', thread: null };
    await lab.router.command({ ...where, text: 'verify pluto', answers: { answer, replace: answer } });
    await drive();

    expect(answered).toBe(2);
    expect(app.teller.proofs).toMatchObject([{ user: 'alice', result: { kind: 'read' } }]);
  });
});

describe('a proof that a stopped bot has left', () => {
  it.each([
    ['the chat', () => lab.say('verify pluto')],
    ['the driver', async () => drive().then(() => lab.say('status'))],
  ])('is not told to have failed where %s is at it, but done by the next', async (_who, act) => {
    await leftUnread('a');
    const { stopping } = app;
    const read = app.share.verifyImage.bind(app.share);
    app.share.verifyImage = async () => {
      app.stopping = AbortSignal.abort();
      throw new ShareError('the storage share does not answer: its process ended (SIGTERM)');
    };
    const { seen } = await act();
    expect(seen.filter(({ text }) => text.includes('could not be read'))).toEqual([]);
    expect(await app.askedProofs.open()).toMatchObject([{ user: 'alice', result: null }]);

    app.stopping = stopping;
    app.share.verifyImage = read;
    await drive();

    expect(app.teller.proofs).toMatchObject([{ result: { kind: 'read' } }]);
  });

  it('is done and told by the next one', async () => {
    await leftUnread('a');

    await drive();

    expect(app.share.verified).toHaveLength(2);
    expect(app.teller.proofs).toMatchObject([{ id: 'a', result: { kind: 'read' } }]);
    expect(app.verifying.size).toBe(0);
  });

  it('is told to have failed where the share is away', async () => {
    await leftUnread('a');
    app.share.down = true;

    await drive();

    expect(app.teller.proofs).toMatchObject([
      { result: { kind: 'unread', why: 'the share does not answer' } },
    ]);
  });

  it('is left alone while the images are being read, and gone when they are asked for again', async () => {
    await leftUnread('a');
    app.verifying.add(PLUTO);
    const driver = new Driver(app);
    await driver.pass();
    await driver.settled();
    expect(app.share.verified).toEqual([]);

    app.verifying.clear();
    await lab.say('verify pluto');
    await drive(driver);

    expect(app.share.verified).toHaveLength(2);
    expect(app.teller.proofs).toEqual([]);
  });

  it('is told to have failed, once, where reading fails for no reason that anybody foresaw', async () => {
    await leftUnread('a');
    app.share.verifyImage = async () => {
      throw new TypeError('a bug');
    };

    await drive();
    await drive();

    expect(app.teller.proofs).toMatchObject([{ result: { kind: 'unread' } }]);
  });
});
