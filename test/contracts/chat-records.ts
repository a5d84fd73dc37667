import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatPlace, PostLedger, SummaryRefs } from '../../src/app/chat-ports.ts';
import { NOW } from '../fakes/job.ts';

export interface OpenedRecords {
  ledger: PostLedger;
  summaries: SummaryRefs;
  /** A second bot on the same data. */
  other: { ledger: PostLedger; summaries: SummaryRefs };
  close(): Promise<void>;
}

const LAB: ChatPlace = { platform: 'slack', channel: 'C1' };
const ATTIC: ChatPlace = { platform: 'slack', channel: 'C2' };

/** What every database has to keep of chats. */
export function chatRecordsContract(name: string, open: () => Promise<OpenedRecords>): void {
  let opened: OpenedRecords;

  beforeEach(async () => {
    opened = await open();
  });

  afterEach(() => opened.close());

  describe(`the ledger of posts on ${name}`, () => {
    it('gives a post that went through to whoever begins it again', async () => {
      const { ledger, other } = opened;
      expect(await ledger.begin('job:card', NOW)).toEqual({ kind: 'new' });
      await ledger.posted('job:card', 'C1:1.2');

      expect(await other.ledger.begin('job:card', NOW + 9)).toEqual({ kind: 'posted', ref: 'C1:1.2' });
      expect(await other.ledger.begin('job:other', NOW + 9)).toEqual({ kind: 'new' });
    });

    it('says since when a message may be there that nobody heard of', async () => {
      const { ledger, other } = opened;
      await ledger.begin('job:card', NOW);

      expect(await other.ledger.begin('job:card', NOW + 5)).toEqual({ kind: 'unknown', at: NOW });
      expect(await other.ledger.begin('job:card', NOW + 9)).toEqual({ kind: 'unknown', at: NOW });
    });

    it('forgets a try that surely posted nothing, and never one that did', async () => {
      const { ledger } = opened;
      await ledger.begin('job:card', NOW);
      await ledger.failed('job:card');
      expect(await ledger.begin('job:card', NOW + 5)).toEqual({ kind: 'new' });

      await ledger.posted('job:card', 'C1:1.2');
      await ledger.failed('job:card');

      expect(await ledger.begin('job:card', NOW + 9)).toEqual({ kind: 'posted', ref: 'C1:1.2' });
    });
  });

  describe(`open summaries on ${name}`, () => {
    it('are known by their channel from the moment their post begins', async () => {
      const { summaries, other } = opened;
      expect(await summaries.begin(LAB, 'first')).toBe('first');
      expect(await summaries.find(LAB)).toBeNull();
      expect(await other.summaries.open()).toEqual([LAB]);

      await summaries.save(LAB, 'C1:1.2');
      await summaries.begin(ATTIC, 'attic');

      expect(await other.summaries.find(LAB)).toBe('C1:1.2');
      expect(await other.summaries.open()).toEqual([LAB, ATTIC]);
    });

    it('keep the nonce of an opening until they are closed', async () => {
      const { summaries, other } = opened;
      await summaries.begin(LAB, 'first');
      expect(await other.summaries.begin(LAB, 'second')).toBe('first');
      await summaries.save(LAB, 'C1:1.2');
      expect(await other.summaries.begin(LAB, 'second')).toBe('first');

      await summaries.save(LAB, null);

      expect(await other.summaries.open()).toEqual([]);
      expect(await other.summaries.find(LAB)).toBeNull();
      expect(await other.summaries.begin(LAB, 'second')).toBe('second');
    });
  });
}
