import type { ChatMessage, Inbound, MessageRef } from '../../src/chat/platform.ts';
import { createRouter } from '../../src/chat/router.ts';
import type { Job } from '../../src/domain/job.ts';
import type { ChatPerson } from '../../src/domain/person.ts';
import type { Testbox } from '../../src/domain/testbox.ts';
import { createTestApp, type TestApp } from './app.ts';
import { restoreJob } from './job.ts';
import { person } from './people.ts';

/** What one person sees privately. */
export class Private {
  readonly seen: ChatMessage[] = [];
  readonly replaced: (ChatMessage | null)[] = [];
  readonly answers = {
    answer: async (message: ChatMessage) => void this.seen.push(message),
    replace: async (message: ChatMessage | null) => void this.replaced.push(message),
  };

  text(): string {
    return this.seen.map(({ text, lines }) => [text, ...lines].join('\n')).join('\n');
  }
}

/** Who says or presses something, and where; alice in the lab's channel unless told. */
export interface Where {
  who?: string | ChatPerson;
  channel?: string;
  thread?: MessageRef;
}

/** People in front of the real router on the real use cases. */
export class Conversation {
  readonly app: TestApp;
  readonly router: Inbound;

  constructor(app: TestApp) {
    this.app = app;
    this.router = createRouter(app);
  }

  async say(text: string, where: Where = {}): Promise<Private> {
    const seen = new Private();
    const { channel = 'lab', thread = null } = where;
    await this.router.command({ person: whoOf(where), text, channel, thread, answers: seen.answers });
    return seen;
  }

  async press(id: string, value: string, where: Where = {}): Promise<Private> {
    const seen = new Private();
    await this.router.press({
      person: whoOf(where),
      button: { id, value },
      channel: where.channel ?? 'lab',
      input: null,
      answers: seen.answers,
    });
    return seen;
  }

  objection(id: string, value: string, where: Where = {}): Promise<ChatMessage | null> {
    return this.router.objection({ person: whoOf(where), button: { id, value } });
  }

  /** The value of the preview's Confirm: the job's id, and the start of the plan's digest. */
  async plan(text: string, where: Where = {}): Promise<string> {
    const [preview] = (await this.say(text, where)).seen;
    return preview?.buttons.find(({ id }) => id === 'confirm')?.value ?? '';
  }

  /** The value of a button on the job's card that agrees to its plan. */
  agreeingTo({ id, digest }: Pick<Job, 'id' | 'digest'>): string {
    return `${id}:${digest.slice(0, 12)}`;
  }

  /** A job as if it had come this far. */
  async put(changes: Partial<Job>): Promise<Job> {
    const job = restoreJob(changes);
    await this.app.store.create(job, { ...REQUESTED, jobId: job.id });
    return job;
  }
}

export async function converse(boxes?: readonly Testbox[]): Promise<Conversation> {
  return new Conversation(await createTestApp(':memory:', boxes));
}

const REQUESTED = {
  at: 0,
  testbox: null,
  actor: null,
  event: 'requested',
  fromState: null,
  toState: null,
  detail: null,
};

function whoOf({ who = 'alice' }: Where): ChatPerson {
  return typeof who === 'string' ? person(who) : who;
}
