import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, FakeSlack, SeenMessage } from '../../fakes/slack/types.ts';
import { Figures } from './figures.ts';

/** Somebody who asks the bot again and again, each time before the last answer has to be there. */
export class Visitor {
  readonly delays = new Figures();
  /** What Slack told them had failed. */
  readonly failures: string[] = [];
  readonly #slack: FakeSlack;
  readonly #user: string;
  readonly #waiting: number[] = [];
  #seen: number;

  constructor(slack: FakeSlack, user: string) {
    this.#slack = slack;
    this.#user = user;
    this.#seen = slack.revision();
  }

  get unanswered(): number {
    return this.#waiting.length;
  }

  /** Asks so often until the signal; a question that can't be asked now is left out. */
  async ask(
    everyMs: number,
    signal: AbortSignal,
    question: (count: number) => Delivery | null,
  ): Promise<void> {
    for (let count = 0; !signal.aborted; count += 1) {
      const delivery = question(count);
      if (delivery !== null) {
        this.#waiting.push(Date.now());
        delivery.acknowledged.catch((error: unknown) => this.failures.push(String(error)));
      }
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Looks what is new: the answers come in the order of the questions. */
  look(): void {
    const news = this.#slack.changesSince(this.#seen, this.#user);
    this.#seen = this.#slack.revision();
    for (const { ephemeral } of news) {
      const askedAt = ephemeral ? this.#waiting.shift() : undefined;
      if (askedAt !== undefined) this.delays.add(Date.now() - askedAt);
    }
  }
}

/** The newest message that the person sees with such a button. */
export function newestWith(slack: FakeSlack, user: string, actionId: string): SeenMessage | undefined {
  return slack
    .as(user)
    .sees()
    .findLast(({ blocks }) =>
      blocks.some(
        (block) =>
          block.type === 'actions' &&
          block.elements.some((element) => 'action_id' in element && element.action_id === actionId),
      ),
    );
}
