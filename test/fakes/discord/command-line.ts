import { PermissionFlagsBits } from 'discord.js';
import { type CommandForm, optionsOf, type ValueOption } from './command-form.ts';
import type { Registered } from './command-registry.ts';
import type { Place } from './directory.ts';
import type { Json } from './json.ts';
import { permissionsOf } from './permissions.ts';
import type { FakeDiscordUser } from './types.ts';
import type { World } from './world.ts';

/** Names of the types of options, for whom the client asks for the right value. */
const [STRING, INTEGER, BOOLEAN, NUMBER] = [3, 4, 5, 10];

/** A command as the client lets this person use it in this place. @throws Error with what the client shows */
export function offered(
  world: World,
  from: { user: FakeDiscordUser; place: Place },
  name: string,
): Registered {
  const { user, place } = from;
  const global = world.commands.of(null).filter(({ form }) => isInPlace(form, place));
  const own = place.kind === 'dm' ? [] : world.commands.of(world.directory.guild.id);
  const found = [...own, ...global].find(({ form }) => form.name === name);
  if (found === undefined) {
    const where = place.kind === 'dm' ? 'in direct messages, where commands of a guild never are' : 'here';
    throw new Error(`The client offers no /${name} ${where}: register it first (PUT …/commands).`);
  }
  const needed = found.form.default_member_permissions;
  if (needed === undefined || needed === null) return found;
  const held = permissionsOf(world.directory, user.id, place);
  const isAllowed =
    (held & PermissionFlagsBits.Administrator) !== 0n ||
    (needed !== '0' && (held & BigInt(needed)) === BigInt(needed));
  if (!isAllowed) throw new Error(`The client does not offer /${name} to ${user.name}.`);
  return found;
}

/** The data of a command with its options, typed as they were registered. @throws Error */
export function commandData(
  command: Registered,
  subcommand: string,
  texts: Readonly<Record<string, string>>,
): Json {
  const options = subcommandOptions(command, subcommand);
  const names = options.map(({ name }) => name);
  const unknown = Object.keys(texts).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`"${subcommand}" has no option "${unknown}"; it has ${names.join(', ') || 'none'}.`);
  }
  const missing = options.find(({ name, required }) => required === true && texts[name] === undefined);
  if (missing !== undefined) throw new Error(`The option "${missing.name}" of "${subcommand}" is required.`);
  // The client sends options in the order in which they were filled.
  const filled = Object.entries(texts).flatMap(([name, text]) => {
    const option = options.find((option) => option.name === name);
    return option === undefined ? [] : [{ name, type: option.type, value: typed(option, text) }];
  });
  return dataOf(command, subcommand, filled);
}

/** The data of a command while an option is being typed. @throws Error */
export function typingData(
  command: Registered,
  subcommand: string,
  typing: { option: string; typed: string },
): Json {
  const option = subcommandOptions(command, subcommand).find(({ name }) => name === typing.option);
  if (option === undefined) throw new Error(`"${subcommand}" has no option "${typing.option}".`);
  if (option.autocomplete !== true) throw new Error(`The option "${typing.option}" completes nothing.`);
  const focused = { name: option.name, type: option.type, value: typing.typed, focused: true };
  return dataOf(command, subcommand, [focused]);
}

function dataOf({ id, guildId, form }: Registered, subcommand: string, options: readonly Json[]): Json {
  const inner = { name: subcommand, type: 1, options };
  return {
    id,
    name: form.name,
    type: 1,
    options: [inner],
    ...(guildId === null ? {} : { guild_id: guildId }),
  };
}

function subcommandOptions({ form }: Registered, subcommand: string): readonly ValueOption[] {
  const options = optionsOf(form, subcommand);
  if (options !== null) return options;
  const names = (form.options ?? []).map(({ name }) => name).join(', ');
  throw new Error(`/${form.name} has no subcommand "${subcommand}"; it has ${names || 'none'}.`);
}

function typed(option: ValueOption, text: string): string | number | boolean {
  const { name, type, choices } = option;
  const value = convert(option, text);
  const values = (choices ?? []).map((choice) => choice.value);
  if (values.length > 0 && !values.includes(value as string | number)) {
    throw new Error(`"${text}" is no choice of the option "${name}"; there are ${values.join(', ')}.`);
  }
  if (type !== STRING) return value;
  const { min_length, max_length } = option;
  if (text.length < (min_length ?? 0) || text.length > (max_length ?? 6000)) {
    throw new Error(`The option "${name}" must have ${min_length ?? 0} to ${max_length ?? 6000} characters.`);
  }
  return value;
}

function convert({ name, type, min_value, max_value }: ValueOption, text: string): string | number | boolean {
  if (type === BOOLEAN) {
    if (text !== 'true' && text !== 'false') throw new Error(`The option "${name}" is true or false.`);
    return text === 'true';
  }
  if (type !== INTEGER && type !== NUMBER) return text;
  const number = Number(text);
  const isRight = type === INTEGER ? Number.isInteger(number) : Number.isFinite(number);
  const isInRange = number >= (min_value ?? -Infinity) && number <= (max_value ?? Infinity);
  if (text === '' || !isRight || !isInRange)
    throw new Error(`"${text}" is no value for the option "${name}".`);
  return number;
}

function isInPlace({ contexts, dm_permission }: CommandForm, place: Place): boolean {
  const context = place.kind === 'dm' ? 1 : 0;
  if (contexts !== undefined && contexts !== null) return contexts.includes(context);
  return context === 0 || dm_permission !== false;
}
