import type { TestboxAddress } from '../contract/address.ts';
import type { Codec } from '../contract/plan.ts';
import type { Announcer, MessageRefs, SummaryRefs } from './chat-ports.ts';
import type { Clock, Inventory, Log, Machines, Power, Randomness } from './ports.ts';
import type { AskedProofs, Damages, Teller, Verifications } from './proof-ports.ts';
import type { Share } from './share-port.ts';
import type { JobStore } from './store.ts';

/** Settings that the use cases read. */
export interface Settings {
  maxRunning: number;
  maxAttempts: number;
  codec: Codec;
  /** How many generations of a box are kept, the current one counted. */
  keepGenerations: number;
  /** When all images are to be proved next after a moment, epoch ms; null is never. */
  verifyAt: ((after: number) => number | null) | null;
  /** What was proved on the server within this time is not read through before a restore. */
  verifyMaxAgeMs: number;
  /** Bytes a second of each job, and of all together; null is no limit. */
  maxRate: number | null;
  maxShareRate: number | null;
  /** Disks are trimmed before they are restored. */
  discard: boolean;
  /** Host or address of the NFS server, as a box reaches it. */
  nfsServer: string;
  /** Below the TFTP root. */
  kernel: string;
  initrd: string;
  /** Secret of the session tokens, from the store. */
  serverKey: string;
}

/** What the use cases work with. */
export interface App {
  store: JobStore;
  share: Share;
  machines: Machines;
  power: Power;
  inventory: Inventory;
  announcer: Announcer;
  refs: MessageRefs;
  summaries: SummaryRefs;
  verifications: Verifications;
  damages: Damages;
  askedProofs: AskedProofs;
  teller: Teller;
  /** Boxes whose images this bot is reading through for somebody right now. */
  verifying: Set<TestboxAddress>;
  /** Aborts when the bot begins to stop: what fails from then on may fail for that alone. */
  stopping: AbortSignal;
  clock: Clock;
  random: Randomness;
  settings: Settings;
  log: Log;
  /** Tells the driver that something changed. */
  wake: () => void;
}
