import type { TestboxAddress } from '../contract/address.ts';
import type { Damage, SoundGeneration } from '../domain/damage.ts';
import type { Person, PlatformName } from '../domain/person.ts';
import type { ProofResult } from '../domain/proof-result.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { Verification } from '../domain/verification.ts';

/** When images were read through on the server, and what was found. */
export interface Verifications {
  of(address: TestboxAddress): Promise<readonly Verification[]>;
  /** Takes the place of an earlier one of the same generation and slot. */
  save(address: TestboxAddress, verification: Verification): Promise<void>;
}

/** Damage that was found in images, and which of it people were told of. */
export interface Damages {
  /**
   * What reading a generation through has found, in the place of what was known of it. What was told and
   * is as it was stays told.
   */
  found(address: TestboxAddress, generation: number, damage: readonly Damage[]): Promise<void>;
  /** Of generations that are there no more, nobody has to be told. */
  keepOnly(address: TestboxAddress, generations: readonly number[]): Promise<void>;
  /** By box. */
  untold(): Promise<ReadonlyMap<TestboxAddress, readonly Damage[]>>;
  /** What was found meanwhile in the place of one of them is not meant. */
  told(address: TestboxAddress, damage: readonly Damage[], at: number): Promise<void>;
}

/** Somebody has asked for a box's images to be read through. */
export interface AskedProof {
  id: string;
  address: TestboxAddress;
  /** Who, and where they typed it. */
  platform: PlatformName;
  user: string;
  channel: string;
  /** Epoch ms. */
  at: number;
}

/** What was promised to people who asked: a bot that was stopped in between keeps it after its next start. */
export interface AskedProofs {
  /** Takes the place of what the same person has asked of the same box before, and was not told yet. */
  begin(asked: AskedProof): Promise<void>;
  /** What there is to be told, since it could not be answered at once. */
  finish(id: string, result: ProofResult): Promise<void>;
  /** The person knows. */
  done(id: string): Promise<void>;
  /** In the order of asking; without a result where the images are still to be read. */
  open(): Promise<readonly (AskedProof & { result: ProofResult | null })[]>;
}

export interface DamageReport {
  damage: readonly Damage[];
  /** What a restore takes by itself; null when there is none. */
  current: number | null;
  /** Newest first. */
  sound: readonly SoundGeneration[];
  /** Whose images they are: who made them, and who has locked the box. */
  owners: readonly Person[];
  /** Epoch ms. */
  at: number;
  /** The same one gives the same message. */
  key: string;
}

/** Tells people what is of no job. */
export interface Teller {
  /**
   * Posts it in the box's channel of every chat, or tells its owners where there is none.
   *
   * @throws AnnounceError when it has to be tried again
   */
  tellDamage(testbox: Testbox, report: DamageReport): Promise<void>;
  /**
   * Tells whoever asked what was found, directly, or in the channel where they asked.
   *
   * @param box its name
   * @throws AnnounceError when it has to be tried again
   */
  tellProof(asked: AskedProof, told: { box: string; result: ProofResult }): Promise<void>;
}
