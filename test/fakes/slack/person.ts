import type { View } from '@slack/types';
import { Dialogs } from './dialogs.ts';
import { BOT_USER, type Conversation } from './directory.ts';
import { checkContent } from './message-content.ts';
import { type StoredMessage, seen } from './message-store.ts';
import { commandPayload, escaped, eventPayload } from './payloads.ts';
import { pressInMessage, pressInView } from './press.ts';
import type { Delivery, FakeSlackPerson, FakeUser, SeenMessage } from './types.ts';
import type { World } from './world.ts';

/** One person in front of Slack's client. */
export class Person implements FakeSlackPerson {
  readonly #world: World;
  readonly #id: string;
  readonly #dialogs: Dialogs;

  constructor(world: World, id: string) {
    this.#world = world;
    this.#id = id;
    if (world.directory.user(id) === null) throw new Error(`Nobody in the workspace has the id ${id}.`);
    this.#dialogs = new Dialogs(world, () => this.#user());
  }

  command(channel: string, text: string): Delivery {
    const world = this.#world;
    const user = this.#user();
    const conversation = this.#writable(channel);
    if (!world.directory.scopes.includes('commands')) {
      return refused(`/testbox is not a valid command: the app has no scope "commands".`);
    }
    return world.deliveries.deliver({
      type: 'slash_commands',
      payload: commandPayload(world, { user, conversation, text }),
      ...{ what: '/testbox', acceptsPayload: true, patient: world.queueWhileAway },
      settle: (answer) => this.#showAnswer(channel, answer),
    });
  }

  mention(channel: string, text: string, threadTs: string | null = null): Delivery {
    const world = this.#world;
    const user = this.#user();
    const conversation = this.#writable(channel);
    if (conversation.kind === 'im') {
      throw new Error(
        'In direct messages there are no mentions, only messages, which the app does not hear.',
      );
    }
    if (threadTs !== null && world.messages.find(channel, threadTs) === null) {
      throw new Error(`There is no thread ${threadTs} in ${channel}.`);
    }
    const whole = `<@${BOT_USER}> ${escaped(text)}`;
    const { ts } = world.messages.add({ channel, user: user.id, text: whole, threadTs });
    if (!world.directory.scopes.includes('app_mentions:read')) {
      return refused('The app does not hear mentions: it has no scope "app_mentions:read".');
    }
    if (!conversation.members.includes(BOT_USER)) {
      return refused(`Slackbot says that @testbox is not in ${channel}.`);
    }
    const team = { team: world.directory.team.id, user_team: user.team ?? world.directory.team.id };
    const thread = threadTs === null ? {} : { thread_ts: threadTs };
    const event = { type: 'app_mention', user: user.id, text: whole, ts, ...thread, channel, event_ts: ts };
    return this.#event('a mention', { ...event, ...team });
  }

  press(
    place: { channel: string; ts: string } | 'dialog' | 'home',
    actionId: string,
    value?: string,
  ): Delivery {
    const world = this.#world;
    const from = { world, user: this.#user(), wanted: { actionId, value } };
    if (place === 'home') return pressInView(from, world.views.home(this.#id), 'Home tab');
    if (place === 'dialog') return pressInView(from, world.views.top(this.#id), 'dialog');
    const message = world.messages.find(place.channel, place.ts);
    if (message === null || !this.#isShown(message)) {
      throw new Error(`${this.#id} sees no message ${place.ts} in ${place.channel}.`);
    }
    return pressInMessage(from, message);
  }

  suggest(actionId: string, typed: string): Promise<readonly { text: string; value: string }[]> {
    return this.#dialogs.suggest(actionId, typed);
  }

  submit(fields: Readonly<Record<string, string>>): Delivery {
    return this.#dialogs.submit(fields);
  }

  closeDialog(): void {
    this.#dialogs.close();
  }

  openHome(): Delivery {
    const channel = this.#world.directory.openIm(this.#id);
    const home = this.#world.views.home(this.#id);
    const view = home === null ? {} : { view: this.#dialogs.json(home) };
    const event = { type: 'app_home_opened', user: this.#id, channel, tab: 'home', ...view };
    return this.#event('the opened Home tab', { ...event, event_ts: this.#world.messages.nextTs() });
  }

  dialog(): View | null {
    return this.#world.views.top(this.#id)?.view ?? null;
  }

  home(): View | null {
    return this.#world.views.home(this.#id)?.view ?? null;
  }

  sees(): readonly SeenMessage[] {
    return this.#world.messages
      .all()
      .filter((message) => this.#isShown(message))
      .map(seen);
  }

  reload(): void {
    for (const message of this.#world.messages.all()) {
      if (message.onlyFor === this.#id) this.#world.messages.remove(message);
    }
  }

  seesMessage(message: StoredMessage): boolean {
    return this.#isShown(message);
  }

  #isShown({ channel, onlyFor }: StoredMessage): boolean {
    if (onlyFor !== null && onlyFor !== this.#id) return false;
    return this.#world.directory.conversation(channel)?.members.includes(this.#id) === true;
  }

  #user(): FakeUser {
    const user = this.#world.directory.user(this.#id);
    if (user === null) throw new Error(`Nobody in the workspace has the id ${this.#id}.`);
    if (user.deleted === true) throw new Error(`${this.#id}'s account is closed: they can't do anything.`);
    return user;
  }

  #writable(channel: string): Conversation {
    const found = this.#world.directory.conversation(channel);
    if (found === null) throw new Error(`There is no channel ${channel}.`);
    if (!found.members.includes(this.#id)) throw new Error(`${this.#id} is not in ${channel}.`);
    if (found.isArchived) throw new Error(`${channel} is archived: nobody can write there.`);
    return found;
  }

  #event(what: string, event: Record<string, unknown>): Delivery {
    const payload = eventPayload(this.#world, event);
    const parcel = { type: 'events_api' as const, payload, what, acceptsPayload: false, patient: true };
    return this.#world.deliveries.deliver(parcel);
  }

  /** What a command's acknowledgement says is shown as an ephemeral message. */
  #showAnswer(channel: string, answer: Record<string, unknown>): void {
    if (Object.keys(answer).length === 0) return;
    const text = typeof answer.text === 'string' ? answer.text : null;
    const content = checkContent({ what: 'The acknowledgement', text, blocks: answer.blocks }, this.#world);
    const onlyFor = answer.response_type === 'in_channel' ? null : this.#id;
    this.#world.messages.add({ channel, user: BOT_USER, ...content, onlyFor });
  }
}

function refused(sentence: string): Delivery {
  const acknowledged = Promise.reject(new Error(sentence));
  acknowledged.catch(() => undefined);
  return { acknowledged };
}
