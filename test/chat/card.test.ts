import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/app/job-view.ts';
import { renderCard, renderPreview } from '../../src/chat/card.ts';
import { renderNotice } from '../../src/chat/notice-text.ts';
import type { ChatMessage } from '../../src/chat/platform.ts';
import { JOB_STATES, type Job } from '../../src/domain/job.ts';
import type { Notice } from '../../src/domain/notices.ts';
import { BOOT_B, NOTES, NOW, restoreJob } from '../fakes/job.ts';
import { stored } from '../fakes/people.ts';
import { restorePlan } from '../fakes/plan.ts';

const MINUTE = 60_000;
const failure = {
  class: 'storage',
  code: 'image-damaged',
  message: 'Chunk 7 of generations/000001/sda.raw.gz is damaged: its CRC is wrong.',
  logTail: ['reading sda.raw.gz', 'chunk 7: crc mismatch'],
} as const;

function view(job: Partial<Job> = {}, changes: Partial<JobView> = {}): JobView {
  return {
    job: restoreJob({ confirmedDigest: restoreJob().digest, ...job }),
    testbox: null,
    hearing: null,
    queuePlace: null,
    approvers: [{ platform: 'console', user: 'bob' }],
    now: NOW + 5 * MINUTE,
    ...changes,
  };
}

function plain(message: ChatMessage): string {
  return [
    ...(message.title === null ? [] : [`# ${message.title}`]),
    `text: ${message.text}`,
    ...message.lines,
    ...message.bars.map(({ label, fraction, note }) => `bar: ${label} ${fraction} ${note}`),
    ...(message.footer === null ? [] : [`footer: ${message.footer}`]),
    ...message.buttons.map(({ id, value, label, style }) => `button: ${label} (${id} ${value}, ${style})`),
    ...message.mentions.map((mention) => `mention: ${'user' in mention ? mention.user : mention.group}`),
    ...(message.attachment === null
      ? []
      : [`attachment: ${message.attachment.name}\n${message.attachment.content}`]),
    '',
  ].join('\n');
}

const BOOTED = { bootIds: [BOOT_B], sshFingerprints: [`SHA256:${'Abc3+/'.repeat(7)}x`] };
const images = [
  { slot: 'sda', createdAt: new Date(NOW - 3 * 24 * 60 * MINUTE).toISOString(), codedBytes: 4_000_000 },
];
const CARDS: Record<string, JobView> = {
  'awaiting-approval': view({
    state: 'awaiting-approval',
    reason: 'the nightly run left the disk in pieces',
    notes: { ...NOTES, images, users: ['carol'], expectedMs: 4 * MINUTE, leftOut: ['sdb: USB'] },
  }),
  running: view(
    {
      state: 'running',
      phase: 'imaging',
      dirty: ['sda'],
      approvals: [{ by: stored('bob'), at: NOW, digest: restoreJob().digest }],
    },
    {
      hearing: {
        session: 's',
        lastSequence: 9,
        lastHeardAt: NOW,
        log: [],
        progress: [
          {
            slot: 'sda',
            totalBytes: 1000 * 2 ** 20,
            doneBytes: 250 * 2 ** 20,
            writtenBytes: 0,
            skippedBytes: 0,
            bytesPerSecond: 75 * 2 ** 20,
          },
          {
            slot: 'sdb',
            totalBytes: 1000,
            doneBytes: 1000,
            writtenBytes: 0,
            skippedBytes: 0,
            bytesPerSecond: 0,
          },
        ],
      },
    },
  ),
  stopped: view({ ...BOOTED, state: 'stopped', dirty: ['sda'], failure, attempt: 2 }),
  succeeded: view({
    state: 'succeeded',
    stateSince: NOW + 4 * MINUTE,
    result: {
      generation: null,
      durationMs: 95_000,
      disks: [
        {
          slot: 'sda',
          sizeBytes: 512 * 2 ** 20,
          writtenBytes: 4 * 2 ** 20,
          skippedBytes: 508 * 2 ** 20,
          indexHash: null,
          codedBytes: 1,
        },
      ],
    },
  }),
  'in-rescue': view({ ...BOOTED, action: 'rescue', state: 'in-rescue' }),
  denied: view({ state: 'denied', denial: { by: stored('bob'), at: NOW, reason: 'in use' } }),
};

describe('a card', () => {
  it.each(Object.keys(CARDS))('of a job that is %s looks as it should', async (name) => {
    const card = CARDS[name];
    if (card === undefined) throw new Error(name);

    await expect(plain(renderCard(card))).toMatchFileSnapshot(`golden/card-${name}.txt`);
  });

  it('is complete in its one line of text, in every state', () => {
    for (const state of JOB_STATES) {
      const card = renderCard(view({ state }));

      expect(card.text).toMatch(/^restore pluto: \S/);
      expect(card.title).toContain('restore pluto');
    }
  });

  it('says that a disk is left half written, to the end of the job and after it', () => {
    for (const state of [
      'needs-hands',
      'stopped',
      'in-rescue',
      'returning',
      'cancelled',
      'failed',
    ] as const) {
      expect(renderCard(view({ state, dirty: ['sda'] })).lines).toContain('HALF WRITTEN: sda');
    }
    expect(renderCard(view({ state: 'running', dirty: ['sda'] })).lines).not.toContain('HALF WRITTEN: sda');
  });

  it('of an accepted question says that it waits for approval', () => {
    const question = {
      id: 'c'.repeat(64),
      kind: 'disk-replaced',
      text: 'Is this the disk to write?',
      before: 'Disk OLD-1',
      now: 'Disk NEW-2',
      facts: restorePlan(),
    } as const;

    expect(renderCard(view({ state: 'held', question })).text).toContain('waits for an answer');
    expect(renderCard(view({ state: 'held', question, accepted: [question.id] })).text).toContain(
      'accepted, waits for approval',
    );
  });

  it('of a rescue tells of no bytes', () => {
    const result = { generation: null, disks: [], durationMs: 10 };
    const card = renderCard(view({ action: 'rescue', state: 'succeeded', result }));

    expect(card.lines.join('\n')).not.toMatch(/read|stored|imaging/);
  });

  it('says how to log in, in lines that a phone shows, while the box is in the maintenance system', () => {
    for (const state of JOB_STATES) {
      const { lines } = renderCard(view({ ...BOOTED, state }));
      const login = lines.findIndex((line) => line.startsWith('ssh '));

      expect(login >= 0).toBe(state === 'stopped' || state === 'in-rescue');
      if (login < 0) continue;
      const [, first = '', second = ''] = lines.slice(login, login + 3);
      expect(first.length).toBeLessThanOrEqual(38);
      expect(`${first}${second}`).toBe(`host key ${BOOTED.sshFingerprints[0]}`);
    }
  });

  it('has no decision buttons once it is over', () => {
    for (const state of ['succeeded', 'failed', 'cancelled', 'denied', 'expired'] as const) {
      const ids = renderCard(view({ state })).buttons.map(({ id }) => id);

      expect(ids.every((id) => id.startsWith('plan-'))).toBe(true);
    }
  });

  it('asks before a click that can not be taken back, in words that fit the disks', () => {
    const asks = (changes: Partial<Job>) =>
      renderCard(view({ state: 'stopped', ...changes })).buttons.find(({ id }) => id === 'boot-local')?.asks;

    expect(asks({ dirty: ['sda'] })).toContain('half-written disk (sda)');
    expect(asks({ dirty: [] })).toContain('boots its own disk');
  });

  it.each([
    ['rebooting', '▸ reboot ○ boot ○ write ○ back'],
    ['running', '✓ reboot ✓ boot ▸ write ○ back'],
    ['returning', '✓ reboot ✓ boot ✓ write ▸ back'],
  ] as const)('shows how far a job is that is %s', (state, track) => {
    expect(renderCard(view({ state })).lines[0]).toBe(track);
  });

  it('keeps ids and values of its buttons within what every platform takes', () => {
    for (const state of JOB_STATES) {
      for (const { id, value, label } of renderCard(view({ state })).buttons) {
        expect(`${id}:${value}`.length).toBeLessThanOrEqual(100);
        expect(label.length).toBeLessThanOrEqual(30);
      }
    }
  });
});

describe('a preview', () => {
  it('shows the whole plan with Confirm and Cancel', async () => {
    const preview = renderPreview(
      view({ notes: { ...NOTES, images } }),
      'The plan has changed since. Read it again:',
    );

    await expect(plain(preview)).toMatchFileSnapshot('golden/preview.txt');
  });

  it('says that a first contact takes the disks as they are', () => {
    const plan = restorePlan({ action: 'backup', firstContact: true, disks: [] });

    expect(renderPreview(view({ action: 'backup', plan, approvalsNeeded: 0 }), null).lines).toEqual(
      expect.arrayContaining(['reads all disks of the box: it was never seen', 'starts when you confirm']),
    );
  });
});

describe('an image that shall fit a larger disk', () => {
  it('says what happens behind it, in lines for phones', () => {
    const { lines } = renderPreview(view({ plan: restorePlan({ fit: true }) }), null);

    const at = lines.findIndex((line) => line.startsWith('fit:'));
    expect(
      lines
        .slice(at, at + 3)
        .join(' ')
        .replace(/ +/g, ' '),
    ).toBe(
      "fit: behind the image of a larger disk signatures are wiped, and the backup GPT header goes to the disk's end",
    );
    expect(lines.slice(at, at + 3).every((line) => line.length <= 38)).toBe(true);
  });
});

describe('the image of another box', () => {
  const copyOf = {
    name: 'mars',
    seen: true,
    cards: { lender: 2, own: 1 },
    disks: [
      {
        slot: 'sda',
        image: { model: 'OLD', sizeBytes: 16_777_216, sectorSizeBytes: 512 },
        disk: { model: 'NEW', sizeBytes: 8_388_608, sectorSizeBytes: 512 },
      },
    ],
  };

  it('is shown with what is doubled and where the machines differ, in lines for phones', () => {
    const { lines } = renderPreview(view({ notes: { ...NOTES, copyOf } }), null);

    expect(lines).toEqual(
      expect.arrayContaining([
        '⚠ the image is of mars: the box',
        '  static addresses, SSH host keys',
        '  and machine id',
        'sda: 16 MiB/512 → 8.0 MiB/512',
        '  model OLD → NEW',
        '⚠ smaller: fits if its end is empty',
        '⚠ network cards: 2 → 1',
      ]),
    );
  });

  it('says so when a machine was never seen', () => {
    const { lines } = renderPreview(view({ notes: { ...NOTES, copyOf: { ...copyOf, seen: false } } }), null);

    expect(lines).toContain('⚠ hardware unknown: nothing compared');
    expect(lines).not.toContain('⚠ network cards: 2 → 1');
  });
});

describe('a disk', () => {
  it('is named by its whole serial number, whatever its model is called', () => {
    const [planned] = restorePlan().disks;
    if (planned?.disk == null) throw new Error('no disk');
    const identity = { ...planned.disk.identity, model: 'A DISK WITH A LONG NAME', serial: 'S6KKNT0W300711' };
    const plan = restorePlan({ disks: [{ ...planned, disk: { ...planned.disk, identity } }] });

    expect(renderPreview(view({ plan }), null).lines).toContain(
      '  sda: 8.0 MiB A DISK WITH A LONG … S6KKNT0W300711',
    );
  });
});

describe('a damaged image', () => {
  const badRanges = [4096, 1_000_000_000_000, 2_000_000_000_000, 3_000_000_000_000].map((offset) => ({
    offset,
    length: 4096,
  }));

  it('is shown with what does not come back, in lines for phones', () => {
    const [planned] = restorePlan().disks;
    if (planned?.image?.kind !== 'indexed') throw new Error('no image');
    const plan = restorePlan({ disks: [{ ...planned, image: { ...planned.image, badRanges } }] });

    const { lines } = renderPreview(view({ plan }), null);

    const first = lines.indexOf('⚠ image sda is DAMAGED: zeros for');
    expect(lines.slice(first + 1, first + 6)).toEqual([
      '  16 KiB not read, bytes',
      '  4096 to 8191',
      '  1000000000000 to 1000000004095',
      '  2000000000000 to 2000000004095',
      '  and 1 more places',
    ]);
    expect(lines.slice(first, first + 6).every((line) => line.length <= 38)).toBe(true);
  });

  it('is not called a backup like any other at its end', () => {
    const disk = { slot: 'sda', sizeBytes: 8_388_608, writtenBytes: 1, skippedBytes: 0, indexHash: null };
    const result = { generation: 2, durationMs: 1, disks: [{ ...disk, codedBytes: 1, unreadBytes: 4096 }] };
    const job = view({ action: 'backup', result });

    const { message } = renderNotice(job, { about: 'done', result });

    expect(message.text).toContain('marked DAMAGED for sda, which has bad sectors (4.0 KiB not read)');
  });
});

describe('what leaves a disk half written', () => {
  it.each([
    [{ about: 'local-disk', by: stored('alice') }, 'restore it before you rely on it'],
    [{ about: 'cancelled', by: stored('alice') }, 'restore it before you rely on it'],
    [{ about: 'in-rescue' }, 'Only "Boot local disk anyway" on the card boots it'],
  ] as const)('is said by the notice %j', (notice, says) => {
    const { message } = renderNotice(view({ dirty: ['sda'] }), notice);

    expect(message.text).toContain('HALF WRITTEN: sda');
    expect(message.text).toContain(says);
  });
});

describe('a notice', () => {
  const question = {
    id: 'c'.repeat(64),
    kind: 'disk-replaced',
    text: 'Is this the disk to write?',
    before: 'Disk OLD-1',
    now: 'Disk NEW-2',
    facts: restorePlan(),
  } as const;
  const NOTICES: readonly Notice[] = [
    { about: 'approval-needed' },
    { about: 'approval-aged' },
    { about: 'denied', by: stored('bob'), reason: 'in use' },
    { about: 'plan-changed' },
    { about: 'imaging-started', attempt: 2 },
    { about: 'held', question },
    { about: 'booted-own-disk' },
    { about: 'needs-hands', why: 'The agent has fallen silent.' },
    { about: 'stopped', why: 'two-boots' },
    { about: 'advice', state: 'booting' },
    { about: 'reminder', state: 'stopped' },
    { about: 'cancelled', by: null },
    { about: 'wrong-address', address: '10.40.41.99', expected: '10.40.41.42' },
    { about: 'warned', message: 'its clock is 3 days behind', last: false },
    { about: 'warned', message: 'the boot order was changed', last: true },
  ];

  it('of every kind looks as it should', async () => {
    const posts = NOTICES.map((notice) => {
      const { message, broadcast } = renderNotice(view({ state: 'running' }), notice);
      return `== ${notice.about}${broadcast ? ' (in the channel too)' : ''}\n${plain(message)}`;
    });

    await expect(posts.join('\n')).toMatchFileSnapshot('golden/notices.txt');
  });

  it('of a rescue says how to log in, and by which key to know the box', async () => {
    const { message } = renderNotice(view({ ...BOOTED, state: 'in-rescue' }), { about: 'in-rescue' });

    expect(message.text).toBe(
      `pluto is in the rescue system: \`ssh root@10.40.41.42\`, host key \`${BOOTED.sshFingerprints[0]}\`. \`/testbox release pluto\` boots its local disk.`,
    );
  });

  it('of a rescue whose agent tells no key says how to log in', () => {
    const { message } = renderNotice(view({ ...BOOTED, state: 'in-rescue', sshFingerprints: [] }), {
      about: 'in-rescue',
    });

    expect(message.text).toContain('rescue system: `ssh root@10.40.41.42`. `/testbox release pluto`');
  });

  it('of a stop says how to look at the box, unless two of them are alive', () => {
    const lines = (why: Extract<Notice, { about: 'stopped' }>['why']) =>
      renderNotice(view({ ...BOOTED, state: 'stopped' }), { about: 'stopped', why }).message.lines.join('\n');

    expect(lines('attempts')).toContain('To look at it: `ssh root@10.40.41.42`, host key `SHA256:');
    expect(lines('two-boots')).not.toContain('ssh');
  });

  it.each([
    ['share-not-exported', '`testbox storage init` on the storage server writes that of 10.40.41.42'],
    ['share-not-mounted', '10.40.41.42 in it have the file `testbox-backup`'],
    ['share-read-only', '10.40.41.42 must be exported read-write'],
    ['share-away', 'port 2049'],
    ['share-something-new', '`testbox doctor` on it tells more'],
  ])('of the failure %s says what to look at, and that Retry goes on', (code, says) => {
    const { message } = renderNotice(view({ ...BOOTED, state: 'stopped' }), {
      about: 'failed',
      failure: { class: 'storage', code, message: 'The share is not there.', logTail: [] },
    });

    expect(message.lines.join('\n')).toContain(says);
    expect(message.lines.join('\n')).toContain('press Retry on the card: no reboot is needed');
  });

  it('of a failure says what happened, what state the disk is in, what to do, and has the log', async () => {
    const { message, broadcast } = renderNotice(view({ state: 'stopped', dirty: ['sda'] }), {
      about: 'failed',
      failure,
    });

    expect(broadcast).toBe(true);
    await expect(plain(message)).toMatchFileSnapshot('golden/notice-failed.txt');
  });
});
