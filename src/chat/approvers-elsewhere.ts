import type { Announcer, ChatPlace } from '../app/chat-ports.ts';
import type { JobView } from '../app/job-view.ts';
import type { Inventory, Log } from '../app/ports.ts';
import type { AccessRules } from '../domain/access.ts';
import type { Job } from '../domain/job.ts';
import type { Notice } from '../domain/notices.ts';
import type { PlatformName } from '../domain/person.ts';
import { message } from './message.ts';
import {
  ChannelRefusedError,
  type ChatMessage,
  type ChatPlatform,
  ChatUnavailableError,
} from './platform.ts';
import { PLATFORM_TITLES } from './platform-title.ts';

interface Telling {
  look: () => Promise<JobView>;
  notice: Notice;
  key: string;
}

interface Parts {
  platforms: readonly ChatPlatform[];
  inventory: Pick<Inventory, 'access'>;
  log: Log;
}

/** What calls approvers: its thread mentions those who are on the card's platform. */
const CALLS: ReadonlySet<Notice['about']> = new Set([
  'approval-needed',
  'approval-aged',
  'approval-reminder',
] satisfies Notice['about'][]);

/**
 * Tells approvers privately, once for each call, who are on another connected platform only: no
 * mention in the job's thread reaches them. Where one can't be told, the job goes on; the next
 * reminder tries again.
 */
export class ApproversElsewhere implements Announcer {
  readonly #announcer: Announcer;
  readonly #platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly #inventory: Pick<Inventory, 'access'>;
  readonly #log: Log;

  constructor(announcer: Announcer, { platforms, inventory, log }: Parts) {
    this.#announcer = announcer;
    this.#platforms = new Map(platforms.map((platform) => [platform.name, platform]));
    this.#inventory = inventory;
    this.#log = log;
  }

  progressIntervalMs(job: Job): number {
    return this.#announcer.progressIntervalMs(job);
  }

  progressTurn(job: Job): boolean {
    return this.#announcer.progressTurn(job);
  }

  showCard(job: Job, look: () => Promise<JobView>): Promise<void> {
    return this.#announcer.showCard(job, look);
  }

  showProgress(view: JobView): Promise<void> {
    return this.#announcer.showProgress(view);
  }

  summarise(place: ChatPlace, jobs: readonly JobView[]): Promise<void> {
    return this.#announcer.summarise(place, jobs);
  }

  async tell(job: Job, telling: Telling): Promise<void> {
    await this.#announcer.tell(job, telling);
    if (!CALLS.has(telling.notice.about) || this.#platforms.size < 2) return;
    const { job: now } = await telling.look();
    if (now.approvalsNeeded > 0 && isOpen(now)) await this.#call(now, telling.key);
  }

  async #call(job: Job, key: string): Promise<void> {
    const connected = [...this.#platforms.keys()];
    for (const { platform, user } of approversElsewhere(job, this.#inventory.access(), connected)) {
      try {
        await this.#platforms.get(platform)?.tellPerson({ user, nonce: `${key}:${user}` }, callOf(job));
      } catch (error) {
        if (!(error instanceof ChatUnavailableError || error instanceof ChannelRefusedError)) throw error;
        this.#log.warn({ jobId: job.id, platform, user, err: error }, 'an approver elsewhere is not told');
      }
    }
  }
}

function isOpen({ state }: Job): boolean {
  return state === 'awaiting-approval' || state === 'held';
}

/** One id for each approver of the inventory's `people` who is not on the job's platform. */
export function approversElsewhere(
  { origin, requester }: Pick<Job, 'origin' | 'requester'>,
  { people, roles }: AccessRules,
  connected: readonly PlatformName[],
): { platform: PlatformName; user: string }[] {
  return roles.approver.people
    .filter((name) => name !== requester.key)
    .map((name) => people.get(name) ?? [])
    .filter((ids) => !ids.some(({ platform }) => platform === origin.platform))
    .flatMap((ids) => ids.find(({ platform }) => connected.includes(platform)) ?? [])
    .map(({ platform, user }) => ({ platform, user }));
}

function callOf({ action, testbox, requester, origin }: Job): ChatMessage {
  const asked = `asked by ${requester.displayName} on ${PLATFORM_TITLES[origin.platform]}`;
  return message({
    text: `Please approve or deny: ${action} ${testbox.name}, ${asked}.`,
    lines: [`Type \`/testbox status ${testbox.name}\` in a channel here to read the plan and decide.`],
  });
}
