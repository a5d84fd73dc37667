/** How a fake Discord is laid out at the start; everything can be changed later. */
export interface GuildSettings {
  guild: { id: string; name: string; ownerId: string };
  users: readonly FakeDiscordUser[];
  /** A role that isn't mentionable (default: it is) only notifies with the permission MentionEveryone. */
  roles: readonly { id: string; name: string; members: readonly string[]; mentionable?: boolean }[];
  channels: readonly FakeDiscordChannel[];
  /** All that the bot may, by the names of the permissions, as `SendMessages`. */
  permissions: readonly string[];
  /** Route limits by headers, 50 requests a second in all. Default true. */
  rateLimits?: boolean;
  /** Epoch ms; default the real time. Tokens' age, old messages and snowflakes go by it. */
  now?: () => number;
  /** Interactions of people wait while no gateway is connected, instead of failing. Default false. */
  queueWhileAway?: boolean;
}

export interface FakeDiscordUser {
  id: string;
  name: string;
  displayName: string;
  isBot?: boolean;
  /** Takes no direct messages of the bot. */
  closedToBots?: boolean;
}

export interface FakeDiscordChannel {
  id: string;
  name: string;
  /** The bot sees it and may write, start threads and attach files there. Default true. */
  botMayWrite?: boolean;
}

/** A message as one person sees it now. */
export interface SeenDiscordMessage {
  id: string;
  /** The channel of the API's routes: in a thread the thread's own id. */
  channelId: string;
  /** The thread's channel id when it is in one; null in a channel. */
  threadId: string | null;
  ephemeral: boolean;
  author: string;
  /** All that it says, from content, embeds and components, a part a line. */
  text: string;
  /** The message as Discord's API gives it. */
  raw: Readonly<Record<string, unknown>>;
  buttons: readonly { customId: string; label: string; disabled: boolean }[];
  edited: boolean;
  files: readonly { name: string; content: string }[];
  /** User and role ids that were really notified. */
  notified: readonly string[];
}

export interface DiscordDelivery {
  /** The first response's type and data; rejects when none comes within Discord's 3 s. */
  responded: Promise<{ type: number; data: Readonly<Record<string, unknown>> }>;
}

/** An open dialog. */
export interface DiscordModal {
  customId: string;
  title: string;
  fields: readonly { customId: string; label: string; required: boolean }[];
}

/** One person in front of Discord's client. */
export interface FakeDiscordPerson {
  /**
   * `/testbox <subcommand>` with typed options, in a channel, a thread or (null) a direct message.
   * The client only offers what the app has registered: a guild's commands, and in direct messages
   * global ones.
   *
   * @throws Error for what the client doesn't offer
   */
  command(
    channel: string | null,
    subcommand: string,
    options?: Readonly<Record<string, string>>,
  ): DiscordDelivery;
  /** What the client offers while this is typed into an option. */
  autocomplete(
    channel: string,
    subcommand: string,
    typing: { option: string; typed: string },
  ): Promise<readonly { name: string; value: string }[]>;
  press(messageId: string, customId: string): DiscordDelivery;
  modal(): DiscordModal | null;
  submit(fields: Readonly<Record<string, string>>): DiscordDelivery;
  closeModal(): void;
  sees(): readonly SeenDiscordMessage[];
}

export interface DiscordCall {
  method: string;
  /** The route with its ids in place of parameters, as `/channels/1/messages`. */
  path: string;
  at: number;
  status: number;
  /** Discord's JSON error code; 0 without one. */
  code: number;
}

/** A whole fake Discord on loopback: REST and gateway. */
export interface FakeDiscord {
  /** For DISCORD_API_URL: `http://127.0.0.1:port/api`. */
  apiUrl: string;
  token: string;
  botUser: string;
  applicationId: string;
  as(user: string): FakeDiscordPerson;
  calls(): readonly DiscordCall[];
  revision(): number;
  changesSince(revision: number, user: string): readonly SeenDiscordMessage[];
  /** Resolves at the next change or delivery. */
  changed(signal?: AbortSignal): Promise<void>;
  /** Rules that were broken: a late response, a 429 that was caused, a request that the description refuses. */
  breaches(): readonly string[];
  pending(): number;
  /** Answers 401, 403 and 429 (shared ones excepted): after 10,000 in ten minutes Discord bans an app. */
  invalidRequests(): number;
  /** Requests are checked against Discord's official description too, which isn't everywhere. */
  checksDescription: boolean;
  /** All registered commands, as they were sent. */
  commands(): readonly Readonly<Record<string, unknown>>[];

  // What may go wrong.
  /** Answers 429 with Retry-After to paths that have this part (null: all) for so long. */
  storm(pathPart: string | null, settings: { retryAfterSeconds: number; forMs: number }): void;
  failNext(pathPart: string, error: { status: number; code: number; message: string }): void;
  /** The next call has its effect, and its connection is cut before the answer. */
  loseNextAnswer(pathPart: string): void;
  /** Cuts the gateway without a word; the session can be resumed. */
  dropGateway(): void;
  /** Op 7: asks for a reconnect, with resume. */
  askReconnect(): void;
  /** Op 9: the session is gone. */
  invalidateSession(): void;
  /** Sends the newest interaction again, as a resume does. */
  replayInteraction(): DiscordDelivery;
  setDown(down: boolean): Promise<void>;
  revokeToken(): void;
  setChannel(id: string, change: Partial<Omit<FakeDiscordChannel, 'id'>>): void;
  deleteChannel(id: string): void;
  deleteMessage(id: string): void;
  setRoleMembers(id: string, members: readonly string[]): void;
  archiveThread(id: string, options: { locked: boolean }): void;
  stop(): Promise<void>;
}
