import { refusal } from './api-error.ts';
import { type CommandForm, commandForm } from './command-form.ts';
import { APPLICATION } from './directory.ts';
import { formOf } from './form.ts';
import type { Json } from './json.ts';
import type { Snowflakes } from './snowflakes.ts';

const CREATES_A_DAY = 200;
const DAY_MS = 24 * 60 * 60_000;

export interface Registered {
  id: string;
  version: string;
  /** Null for one that is everywhere, in direct messages too. */
  guildId: string | null;
  form: CommandForm;
  /** As it was sent. */
  sent: Json;
}

/** The commands that people are offered. */
export class CommandRegistry {
  readonly #parts: { snowflakes: Snowflakes; now: () => number };
  #commands: readonly Registered[] = [];
  #creates: readonly number[] = [];

  constructor(parts: { snowflakes: Snowflakes; now: () => number }) {
    this.#parts = parts;
  }

  of(guildId: string | null): readonly Registered[] {
    return this.#commands.filter((command) => command.guildId === guildId);
  }

  all(): readonly Registered[] {
    return this.#commands;
  }

  /** The whole list; what isn't in it is gone. @throws ApiError */
  replaceAll(guildId: string | null, list: readonly Json[]): readonly Registered[] {
    const forms = list.map((sent) => ({ sent, form: formOf(commandForm, sent) }));
    const replaced = forms.map(({ sent, form }) => this.#made(guildId, { sent, form }));
    const others = this.#commands.filter((command) => command.guildId !== guildId);
    this.#commands = [...others, ...replaced];
    return replaced;
  }

  /** A command with a name that is there takes its place. @throws ApiError */
  put(guildId: string | null, sent: Json): { command: Registered; isNew: boolean } {
    const form = formOf(commandForm, sent);
    const isNew = this.#find(guildId, form.name) === null;
    const command = this.#made(guildId, { sent, form });
    this.#commands = [...this.#commands.filter(({ id }) => id !== command.id), command];
    return { command, isNew };
  }

  #made(guildId: string | null, { sent, form }: { sent: Json; form: CommandForm }): Registered {
    const known = this.#find(guildId, form.name);
    if (known === null) this.#countCreate();
    const version = this.#parts.snowflakes.next();
    return { id: known?.id ?? version, version, guildId, form, sent };
  }

  #find(guildId: string | null, name: string): Registered | null {
    return this.of(guildId).find(({ form }) => form.name === name) ?? null;
  }

  #countCreate(): void {
    const now = this.#parts.now();
    this.#creates = [...this.#creates.filter((at) => at > now - DAY_MS), now];
    if (this.#creates.length > CREATES_A_DAY) throw refusal('tooManyCommands');
  }
}

/** As Discord gives it back: with its own defaults. */
export function commandJson({ id, version, guildId, form }: Registered): Json {
  return {
    ...{ default_member_permissions: null, nsfw: false, contexts: null, integration_types: [0], options: [] },
    ...{ name_localizations: null, description_localizations: null, type: 1 },
    ...form,
    ...{ id, version, application_id: APPLICATION },
    ...(guildId === null ? {} : { guild_id: guildId }),
  };
}
