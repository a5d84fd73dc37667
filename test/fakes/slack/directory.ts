import type { FakeChannel, FakeUser, WorkspaceSettings } from './types.ts';

export const BOT_USER = 'UBOT';
export const BOT_ID = 'B0TESTBOX';
export const APP_ID = 'A0TESTBOX';
/** In whose name Slack itself writes. */
export const SLACKBOT = 'USLACKBOT';

/** A conversation as the Web API knows it: a channel, or the app's direct messages with a person. */
export interface Conversation {
  id: string;
  kind: 'public' | 'private' | 'im';
  name: string;
  isArchived: boolean;
  members: readonly string[];
}

/** Who and what is in the workspace; everything can change at any time. */
export class Directory {
  readonly team: WorkspaceSettings['team'];
  scopes: readonly string[];
  readonly #users = new Map<string, FakeUser>();
  readonly #channels = new Map<string, FakeChannel>();
  readonly #groups = new Map<string, { id: string; handle: string; users: readonly string[] }>();
  /** Users whose direct messages with the app exist: from the first post, or from opening the app. */
  readonly #openIms = new Set<string>();

  constructor(settings: WorkspaceSettings) {
    this.team = settings.team;
    this.scopes = settings.scopes;
    for (const user of settings.users) this.#users.set(user.id, user);
    for (const channel of settings.channels) this.#channels.set(channel.id, channel);
    for (const group of settings.userGroups) this.#groups.set(group.id, group);
    this.#users.set(BOT_USER, { id: BOT_USER, name: 'testbox', displayName: 'Testbox', isBot: true });
  }

  user(id: string): FakeUser | null {
    return this.#users.get(id) ?? null;
  }

  groups(): readonly { id: string; handle: string; users: readonly string[] }[] {
    return [...this.#groups.values()];
  }

  conversation(id: string): Conversation | null {
    const channel = this.#channels.get(id);
    if (channel !== undefined) {
      const kind = channel.isPrivate === true ? 'private' : 'public';
      const { name, members } = channel;
      return { id, kind, name, members, isArchived: channel.isArchived === true };
    }
    const user = [...this.#openIms].find((open) => imOf(open) === id);
    if (user === undefined) return null;
    return { id, kind: 'im', name: 'directmessage', isArchived: false, members: [user, BOT_USER] };
  }

  conversations(): readonly Conversation[] {
    const ids = [...this.#channels.keys(), ...[...this.#openIms].map(imOf)];
    return ids.map((id) => this.conversation(id)).filter((found) => found !== null);
  }

  /** Begins the direct messages of the app and a person; gives their id. */
  openIm(user: string): string {
    this.#openIms.add(user);
    return imOf(user);
  }

  setUser(id: string, change: Partial<Omit<FakeUser, 'id'>>): void {
    const known = this.#users.get(id) ?? { id, name: id.toLowerCase(), displayName: id };
    this.#users.set(id, { ...known, ...change });
  }

  setChannel(id: string, change: Partial<Omit<FakeChannel, 'id'>>): void {
    const known = this.#channels.get(id) ?? { id, name: id.toLowerCase(), members: [] };
    this.#channels.set(id, { ...known, ...change });
  }

  setUserGroup(id: string, users: readonly string[]): void {
    const handle = this.#groups.get(id)?.handle ?? id.toLowerCase();
    this.#groups.set(id, { id, handle, users });
  }
}

function imOf(user: string): string {
  return `D${user.slice(1)}`;
}
