import { beforeEach, describe, expect, it } from 'vitest';
import { AnnounceError } from '../../src/app/chat-ports.ts';
import type { AskedProof, DamageReport } from '../../src/app/proof-ports.ts';
import { ChannelRefusedError } from '../../src/chat/platform.ts';
import { ChatTeller } from '../../src/chat/teller.ts';
import type { Damage } from '../../src/domain/damage.ts';
import { PLUTO_BOX } from '../fakes/app.ts';
import { FakeChat } from '../fakes/chat.ts';
import { NOW } from '../fakes/job.ts';
import { rules, stored } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';
import { recordedLog } from '../fakes/recorded-log.ts';

const HOUR = 3_600_000;
const CHUNK: Damage = {
  generation: 3,
  slot: 'sda',
  imageHash: 'a'.repeat(64),
  problem: 'chunk 7 of sda.raw.gz is damaged: its checksum is wrong',
};

function report(changes: Partial<DamageReport> = {}): DamageReport {
  const createdAt = new Date(NOW - 48 * HOUR).toISOString();
  return {
    damage: [CHUNK],
    current: 3,
    sound: [
      { generation: 2, createdAt, verifiedAt: NOW - HOUR },
      { generation: 1, createdAt: null, verifiedAt: null },
    ],
    owners: [stored('alice')],
    at: NOW,
    key: 'damage:1',
    ...changes,
  };
}

let chat: FakeChat;
let teller: ChatTeller;
let warnings: ReturnType<typeof recordedLog>['warnings'];

beforeEach(() => {
  chat = new FakeChat();
  const recorded = recordedLog();
  warnings = recorded.warnings;
  teller = new ChatTeller({ platforms: [chat], inventory: { access: () => rules() }, log: recorded.log });
});

async function told(changes: Partial<DamageReport> = {}): Promise<string> {
  await teller.tellDamage(PLUTO_BOX, report(changes));
  const [posted] = chat.messages;
  return [posted?.message.text, ...(posted?.message.lines ?? [])].join('\n');
}

describe('damage in the words of the chat', () => {
  it('is what is damaged, and what can be restored instead', async () => {
    expect(await told()).toBe(
      `Damaged images of pluto: generation 3. No restore takes it.
⚠ generation 3 sda (current): chunk 7 of sda.raw.gz is damaged: its checksum is wrong
To restore: \`/testbox restore pluto as-of:2\` takes generation 2 (taken 2 d ago, proved 1 h ago).
To have a sound image again: \`/testbox backup-again pluto\` takes a new one, while its disk is good.
\`/testbox verify pluto\` reads them again, when the fault was the server's.`,
    );
  });

  it('says when nothing else can be restored', async () => {
    expect(await told({ sound: [] })).toContain(
      'pluto has no other image that could be restored: `/testbox backup-again pluto` takes a new one',
    );
  });

  it('says that the current one is another, where it is', async () => {
    const text = await told({ damage: [{ ...CHUNK, slot: null }], current: 2 });

    expect(text).toContain('⚠ generation 3: chunk 7');
    expect(text).toContain('A restore takes generation 2 (taken 2 d ago, proved 1 h ago): nothing is known');
    expect(text).not.toContain('as-of:');
  });

  it('names every generation once', async () => {
    const damage = [CHUNK, { ...CHUNK, slot: 'sdb' }, { ...CHUNK, generation: 2 }];

    expect(await told({ damage })).toContain(
      'Damaged images of pluto: generations 3, 2. No restore takes them.',
    );
  });
});

describe('the result of a proof', () => {
  const asked: AskedProof = {
    ...{ id: 'a', address: PLUTO, platform: 'console', user: 'alice', channel: 'lab' },
    at: NOW,
  };
  const result = { kind: 'read' as const, images: [{ generation: 3, slot: 'sda', problem: null }] };
  const tell = () => teller.tellProof(asked, { box: 'pluto', result });

  it('is told to who asked, once', async () => {
    await tell();
    await tell();

    expect(chat.told).toMatchObject([
      {
        user: 'alice',
        message: {
          text: 'All images of pluto are sound.',
          lines: [
            '✅ generation 3 sda: sound',
            expect.stringMatching(/^You asked for it: `verify pluto`, 2026/),
          ],
        },
      },
    ]);
    expect(chat.messages).toEqual([]);
  });

  it('is posted where they asked when they take no direct messages, and calls them', async () => {
    chat.tellFails = new ChannelRefusedError('alice takes no messages');
    await tell();

    expect(chat.messages).toMatchObject([
      { channel: 'lab', message: { mentions: [{ platform: 'console', user: 'alice' }] } },
    ]);
  });

  it('is in the log where neither goes', async () => {
    chat.tellFails = new ChannelRefusedError('alice takes no messages');
    chat.refusing.set('lab', 'the bot is not in it');
    await tell();

    expect(warnings.at(-1)).toMatchObject({ fields: { box: 'pluto', user: 'alice', result } });
  });

  it('is tried again while the chat is away, or is not there any more', async () => {
    chat.down = true;
    await expect(tell()).rejects.toThrow(AnnounceError);
    chat.down = false;
    const elsewhere = { ...asked, platform: 'slack' as const };
    await expect(teller.tellProof(elsewhere, { box: 'pluto', result })).rejects.toThrow('not connected');
  });
});

describe('damage in the chat', () => {
  it("is posted in the box's channel, once, and calls the owners", async () => {
    await teller.tellDamage(PLUTO_BOX, report());
    await teller.tellDamage(PLUTO_BOX, report());

    expect(chat.messages).toMatchObject([
      { channel: 'lab', thread: null, message: { mentions: [{ platform: 'console', user: 'alice' }] } },
    ]);
    expect(chat.asked[0]).toEqual({ kind: 'post', channel: 'lab', urgency: 'people' });
  });

  it('calls the owners by their ids of that chat', async () => {
    const onSlack = { ...stored('alice'), platform: 'slack', user: 'U1' } as const;
    await teller.tellDamage(PLUTO_BOX, report({ owners: [onSlack] }));

    expect(chat.messages[0]?.message.mentions).toEqual([{ platform: 'console', user: 'alice' }]);
  });

  it('calls who approves where it has no owner', async () => {
    await teller.tellDamage(PLUTO_BOX, report({ owners: [] }));

    expect(chat.messages[0]?.message.mentions).toMatchObject([{ user: 'bob' }, { user: 'carol' }]);
  });

  it.each([
    ['takes nothing of the bot', () => chat.refusing.set('lab', 'the bot is not in it'), PLUTO_BOX],
    ['is none', () => {}, { ...PLUTO_BOX, channels: { console: null, slack: null, discord: null } }],
  ])('is told to the owners themselves where the channel %s', async (_what, arrange, box) => {
    arrange();
    await teller.tellDamage(box, report({ owners: [stored('alice'), stored('bob')] }));

    expect(chat.told.map(({ user }) => user)).toEqual(['alice', 'bob']);
    expect(chat.told[0]?.message.text).toContain('Damaged images of pluto');
  });

  it('is tried again where nobody could be told, and said in the log', async () => {
    chat.refusing.set('lab', 'the bot is not in it');
    chat.tellFails = new ChannelRefusedError('alice takes no messages');

    await expect(teller.tellDamage(PLUTO_BOX, report())).rejects.toThrow(AnnounceError);
    expect(warnings.map(({ fields }) => fields)).toMatchObject([
      { channel: 'lab', why: 'the bot is not in it' },
      { user: 'alice', why: 'alice takes no messages' },
    ]);
  });

  it('is tried again where the chat is away', async () => {
    chat.down = true;

    await expect(teller.tellDamage(PLUTO_BOX, report())).rejects.toThrow(AnnounceError);
    expect(chat.told).toEqual([]);
  });
});
