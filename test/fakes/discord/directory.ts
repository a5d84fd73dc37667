import type { FakeDiscordChannel, FakeDiscordUser, GuildSettings } from './types.ts';

export const BOT_USER = '1100000000000000900';
export const APPLICATION = '1100000000000000901';
/** The role that Discord makes for the app when it is invited. */
export const BOT_ROLE = '1100000000000000902';

export function botOf(directory: Directory): FakeDiscordUser {
  return directory.user(BOT_USER) ?? BOT;
}

const BOT: FakeDiscordUser = { id: BOT_USER, name: 'testbox', displayName: 'Testbox', isBot: true };

export interface Thread {
  id: string;
  parentId: string;
  name: string;
  ownerId: string;
  archived: boolean;
  locked: boolean;
  autoArchiveMinutes: number;
  /** Epoch ms. */
  createdAt: number;
  changedAt: number;
}

/** Where messages can be. */
export type Place =
  | { kind: 'channel'; id: string; channel: FakeDiscordChannel }
  | { kind: 'thread'; id: string; channel: FakeDiscordChannel; thread: Thread }
  | { kind: 'dm'; id: string; user: FakeDiscordUser };

export interface Role {
  id: string;
  name: string;
  members: readonly string[];
  mentionable?: boolean;
}

/** Who and what is in the guild; everything can change at any time. */
export class Directory {
  readonly guild: GuildSettings['guild'];
  readonly permissions: readonly string[];
  readonly #users = new Map<string, FakeDiscordUser>();
  readonly #roles = new Map<string, Role>();
  readonly #channels = new Map<string, FakeDiscordChannel>();
  readonly #threads = new Map<string, Thread>();
  /** User ids by the id of their direct messages with the bot. */
  readonly #dms = new Map<string, string>();

  constructor(settings: GuildSettings) {
    this.guild = settings.guild;
    this.permissions = settings.permissions;
    for (const user of settings.users) this.#users.set(user.id, user);
    for (const role of settings.roles) this.#roles.set(role.id, role);
    for (const channel of settings.channels) this.#channels.set(channel.id, channel);
    this.#users.set(BOT_USER, BOT);
  }

  user(id: string): FakeDiscordUser | null {
    return this.#users.get(id) ?? null;
  }

  role(id: string): Role | null {
    return this.#roles.get(id) ?? null;
  }

  roles(): readonly Role[] {
    return [...this.#roles.values()];
  }

  rolesOf(user: string): readonly string[] {
    if (user === BOT_USER) return [BOT_ROLE];
    return this.roles().flatMap(({ id, members }) => (members.includes(user) ? [id] : []));
  }

  channels(): readonly FakeDiscordChannel[] {
    return [...this.#channels.values()];
  }

  threads(): readonly Thread[] {
    return [...this.#threads.values()];
  }

  thread(id: string): Thread | null {
    return this.#threads.get(id) ?? null;
  }

  place(id: string): Place | null {
    const channel = this.#channels.get(id);
    if (channel !== undefined) return { kind: 'channel', id, channel };
    const thread = this.#threads.get(id);
    const parent = thread === undefined ? undefined : this.#channels.get(thread.parentId);
    if (thread !== undefined && parent !== undefined) return { kind: 'thread', id, channel: parent, thread };
    const user = this.user(this.#dms.get(id) ?? '');
    return user === null ? null : { kind: 'dm', id, user };
  }

  /** The direct messages of the bot and a person; one and the same however often it is asked. */
  openDm(user: string): string {
    const id = String(BigInt(user) + 500n);
    this.#dms.set(id, user);
    return id;
  }

  putThread(thread: Thread): void {
    this.#threads.set(thread.id, thread);
  }

  setChannel(id: string, change: Partial<Omit<FakeDiscordChannel, 'id'>>): void {
    const known = this.#channels.get(id) ?? { id, name: id };
    this.#channels.set(id, { ...known, ...change });
  }

  /** The ids of what is gone: the channel and its threads. */
  deleteChannel(id: string): readonly string[] {
    const threads = this.threads().filter((thread) => thread.id === id || thread.parentId === id);
    for (const thread of threads) this.#threads.delete(thread.id);
    this.#channels.delete(id);
    return [...new Set([id, ...threads.map((thread) => thread.id)])];
  }

  setRoleMembers(id: string, members: readonly string[]): void {
    const known = this.#roles.get(id);
    if (known === undefined) throw new Error(`There is no role ${id}.`);
    this.#roles.set(id, { ...known, members });
  }
}
