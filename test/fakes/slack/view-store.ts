import { randomBytes } from 'node:crypto';
import type { View } from '@slack/types';
import type { Journal } from '../chat-server/journal.ts';
import { Refusal } from './refusal.ts';
import type { ApiCall } from './types.ts';

const STACK_LIMIT = 3;

/** A dialog or a Home as it is open in one person's client. */
export interface OpenView {
  id: string;
  hash: string;
  user: string;
  view: View;
  rootId: string;
  previousId: string | null;
  /** What the person has put into fields, by `action_id`. */
  typed: Readonly<Record<string, string>>;
  /** What external selects were offered last, by `action_id`. */
  offered: Readonly<Record<string, readonly Suggestion[]>>;
}

export interface Suggestion {
  text: string;
  value: string;
}

/** Everybody's open dialogs, as stacks, and Home tabs. */
export class ViewStore {
  readonly #journal: Journal<ApiCall>;
  readonly #stacks = new Map<string, readonly OpenView[]>();
  readonly #homes = new Map<string, OpenView>();
  #count = 0;

  constructor(journal: Journal<ApiCall>) {
    this.#journal = journal;
  }

  top(user: string): OpenView | null {
    return this.#stack(user).at(-1) ?? null;
  }

  home(user: string): OpenView | null {
    return this.#homes.get(user) ?? null;
  }

  open(user: string, view: View): OpenView {
    const opened = this.#create(user, view, null);
    this.#setStack(user, [opened]);
    return opened;
  }

  /** @throws Refusal */
  push(user: string, view: View): OpenView {
    const stack = this.#stack(user);
    const below = stack.at(-1);
    if (below === undefined) throw new Refusal('invalid_trigger_id');
    if (stack.length >= STACK_LIMIT) throw new Refusal('push_limit_reached');
    const opened = this.#create(user, view, below);
    this.#setStack(user, [...stack, opened]);
    return opened;
  }

  find(wanted: { id: string | null; externalId: string | null }): OpenView | null {
    const all = [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
    const matches = ({ id, view }: OpenView): boolean =>
      wanted.id === null ? 'external_id' in view && view.external_id === wanted.externalId : id === wanted.id;
    return all.find(matches) ?? null;
  }

  /** A new content in the same place; fields keep what was typed into them. */
  update(open: OpenView, view: View): OpenView {
    const updated = { ...open, view, hash: this.#hash() };
    this.put(updated);
    return updated;
  }

  /** Stores what changed about an open view. */
  put(open: OpenView): void {
    if (open.view.type === 'home') this.#homes.set(open.user, open);
    else {
      const put = (old: OpenView): OpenView => (old.id === open.id ? open : old);
      this.#setStack(open.user, this.#stack(open.user).map(put));
    }
    this.#journal.stir();
  }

  publish(user: string, view: View): OpenView {
    const known = this.#homes.get(user);
    if (known !== undefined) return this.update(known, view);
    const home = this.#create(user, view, null);
    this.put(home);
    return home;
  }

  /** Closes this dialog and what is above it. */
  close(open: OpenView): void {
    const stack = this.#stack(open.user);
    const index = stack.findIndex(({ id }) => id === open.id);
    if (index >= 0) this.#setStack(open.user, stack.slice(0, index));
  }

  closeAll(user: string): void {
    this.#setStack(user, []);
  }

  #create(user: string, view: View, below: OpenView | null): OpenView {
    if ('external_id' in view && view.external_id && this.find({ id: null, externalId: view.external_id })) {
      throw new Refusal('duplicate_external_id');
    }
    this.#count += 1;
    const id = `V${randomBytes(5).toString('hex').toUpperCase()}${this.#count}`;
    const place = { rootId: below?.rootId ?? id, previousId: below?.id ?? null };
    return { id, hash: this.#hash(), user, view, ...place, typed: {}, offered: {} };
  }

  #hash(): string {
    this.#count += 1;
    return `${this.#count}.${randomBytes(4).toString('hex')}`;
  }

  #stack(user: string): readonly OpenView[] {
    return this.#stacks.get(user) ?? [];
  }

  #setStack(user: string, stack: readonly OpenView[]): void {
    this.#stacks.set(user, stack);
    this.#journal.stir();
  }
}
