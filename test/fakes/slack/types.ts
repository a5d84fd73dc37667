import type { KnownBlock, View } from '@slack/types';

/** How a fake workspace is laid out at the start; everything can be changed later. */
export interface WorkspaceSettings {
  team: { id: string; name: string; domain: string };
  users: readonly FakeUser[];
  channels: readonly FakeChannel[];
  userGroups: readonly { id: string; handle: string; users: readonly string[] }[];
  /** Scopes of the bot token. */
  scopes: readonly string[];
  /** Slack's tiers and the second between two posts of a channel. Default true. */
  rateLimits?: boolean;
  /** Epoch ms; default the real time. Rate limits, trigger ids and response URLs go by it. */
  now?: () => number;
  /**
   * Commands and clicks wait for the app's next socket when it has none, as events always do;
   * by default they fail at once, as Slack's own do.
   */
  queueWhileAway?: boolean;
}

export interface FakeUser {
  id: string;
  name: string;
  displayName: string;
  /** Default: the workspace's own. */
  team?: string;
  isBot?: boolean;
  isRestricted?: boolean;
  isUltraRestricted?: boolean;
  isStranger?: boolean;
  deleted?: boolean;
}

export interface FakeChannel {
  id: string;
  name: string;
  isPrivate?: boolean;
  isArchived?: boolean;
  /** User ids; the bot's own id makes it a member. */
  members: readonly string[];
}

/** A message as one person sees it now. */
export interface SeenMessage {
  channel: string;
  ts: string;
  /** The thread it is in; null for one that begins none or is no reply. */
  threadTs: string | null;
  /** Only this person sees it. */
  ephemeral: boolean;
  /** Who wrote it: the bot's user id or a person's. */
  user: string;
  text: string;
  blocks: readonly KnownBlock[];
  edited: boolean;
  /** A reply that is shown in the channel too. */
  broadcast: boolean;
  files: readonly { name: string; content: string }[];
}

/** What the app did with something that was delivered to it. */
export interface Delivery {
  /** The payload of the acknowledgement; rejects when none comes within Slack's 3 s. */
  acknowledged: Promise<Record<string, unknown>>;
}

/** One person in front of Slack's client. */
export interface FakeSlackPerson {
  /** Types `/testbox <text>` into the channel's own line: there are no slash commands in threads. */
  command(channel: string, text: string): Delivery;
  /** Types `@testbox <text>`, in the channel or in a thread. */
  mention(channel: string, text: string, threadTs?: string | null): Delivery;
  /** Clicks a button of a message that the person sees, or of the open dialog or Home. */
  press(
    place: { channel: string; ts: string } | 'dialog' | 'home',
    actionId: string,
    value?: string,
  ): Delivery;
  /** What the dialog's suggestions for an external select are, once typed. */
  suggest(actionId: string, typed: string): Promise<readonly { text: string; value: string }[]>;
  /** Fills the open dialog's fields (by `action_id`) and submits it. */
  submit(fields: Readonly<Record<string, string>>): Delivery;
  closeDialog(): void;
  openHome(): Delivery;
  /** The topmost open dialog; null when there is none. */
  dialog(): View | null;
  /** What the app published on the person's Home tab. */
  home(): View | null;
  /** All messages that the person sees now in all channels, oldest first, ephemeral ones included. */
  sees(): readonly SeenMessage[];
  /** Ephemeral messages go when the client reloads. */
  reload(): void;
}

/** A call of the Web API, of a response URL (method `response_url`) or with a file (`upload`). */
export interface ApiCall {
  method: string;
  at: number;
  /** Channel, if the call names one. */
  channel: string | null;
  /** `ok`, or Slack's error code; `hung` for one that was never answered. */
  outcome: string;
}

/** A whole fake Slack on loopback. */
export interface FakeSlack {
  /** For SLACK_API_URL; ends in `/api/`. */
  apiUrl: string;
  botToken: string;
  appToken: string;
  botUser: string;
  as(user: string): FakeSlackPerson;
  /** What happened since the start, in order. */
  calls(): readonly ApiCall[];
  /** Counts every message posted, edited, deleted or shown: a point that `changesSince` takes. */
  revision(): number;
  /** Messages that this person was shown, new or edited, after that point. */
  changesSince(revision: number, user: string): readonly SeenMessage[];
  /** Resolves at the next change or delivery. */
  changed(signal?: AbortSignal): Promise<void>;
  /** Rules that were broken: a late acknowledgement, a trigger used twice, a 429 that was caused. */
  breaches(): readonly string[];
  /** What the app has been sent and has not acknowledged. */
  pending(): number;

  // What may go wrong.
  /** Answers 429 with Retry-After to this method (null: all) for so long. */
  storm(method: string | null, settings: { retryAfterSeconds: number; forMs: number }): void;
  /** The next call of the method is answered so, without effect. */
  failNext(method: string, error: string): void;
  /** The next call of the method has its effect, and its connection is cut before the answer. */
  loseNextAnswer(method: string): void;
  /** The next call of the method is never answered. */
  hangNext(method: string): void;
  /** Sends the newest envelope again, with the same id or a new one. */
  redeliver(options: { newEnvelopeId: boolean }): Delivery;
  /** Cuts all sockets without a word. */
  dropSockets(): void;
  /** Sends `disconnect` and closes the sockets, as Slack does when it wants a fresh connection. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets'): void;
  /** While true, neither HTTP nor sockets are answered: connections are refused. */
  setDown(down: boolean): Promise<void>;
  /** From now on every call with the bot token (`bot`) or the app token (`app`) is refused so. */
  revoke(token: 'bot' | 'app', error: string): void;
  setScopes(scopes: readonly string[]): void;
  setChannel(id: string, change: Partial<Omit<FakeChannel, 'id'>>): void;
  setUser(id: string, change: Partial<Omit<FakeUser, 'id'>>): void;
  setUserGroup(id: string, users: readonly string[]): void;
  /** An admin deletes a message; a thread's first one leaves "This message was deleted." behind. */
  deleteMessage(place: { channel: string; ts: string }): void;
  stop(): Promise<void>;
}
