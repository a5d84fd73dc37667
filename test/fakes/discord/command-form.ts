import { z } from 'zod';

const COMMAND_SIZE = 8000;
const name = z.string().regex(/^[-_\p{Ll}\p{Lo}\p{N}]{1,32}$/u, 'Command name is invalid');
const description = z.string().min(1).max(100);

export const choiceList = z
  .array(
    z.looseObject({
      name: z.string().min(1).max(100),
      value: z.union([z.string().min(1).max(100), z.number()]),
    }),
  )
  .max(25);

const SUBCOMMAND = 1;
const GROUP = 2;
const COMPLETABLE: readonly number[] = [3, 4, 10];

const valueOption = z
  .looseObject({
    type: z.number().int().min(3).max(11),
    ...{ name, description },
    required: z.boolean().nullish(),
    autocomplete: z.boolean().nullish(),
    choices: choiceList.nullish(),
    min_length: z.number().int().min(0).max(6000).nullish(),
    max_length: z.number().int().min(1).max(6000).nullish(),
    min_value: z.number().nullish(),
    max_value: z.number().nullish(),
  })
  .superRefine((option, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    const hasChoices = (option.choices ?? []).length > 0;
    if (option.autocomplete === true && hasChoices) refuse('Autocomplete options cannot have choices');
    if (option.autocomplete === true && !COMPLETABLE.includes(option.type)) {
      refuse('Only string, integer and number options can be completed');
    }
  });

const valueOptions = z.array(valueOption).max(25).superRefine(refuseOrder);
const subcommand = z.looseObject({
  type: z.literal(SUBCOMMAND),
  ...{ name, description },
  options: valueOptions.nullish(),
});
const group = z.looseObject({
  type: z.literal(GROUP),
  ...{ name, description },
  options: z.array(subcommand).min(1).max(25),
});

/** A chat command: either with subcommands or with options of its own. */
export const commandForm = z
  .looseObject({
    type: z.literal(1).nullish(),
    ...{ name, description },
    options: z.union([z.array(z.union([subcommand, group])).max(25), valueOptions]).nullish(),
    default_member_permissions: z.string().regex(/^\d+$/).nullish(),
    contexts: z.array(z.literal([0, 1, 2])).nullish(),
    dm_permission: z.boolean().nullish(),
  })
  .superRefine((command, context) => {
    refuseTwins(command.options ?? [], context);
    if (sizeOf(command) <= COMMAND_SIZE) return;
    context.addIssue({ code: 'custom', message: `Command exceeds maximum size (${COMMAND_SIZE})` });
  });

export type CommandForm = z.infer<typeof commandForm>;
export type ValueOption = z.infer<typeof valueOption>;
type Subcommand = z.infer<typeof subcommand>;

/** The options of a subcommand; null when the command has no such subcommand. */
export function optionsOf(command: CommandForm, wanted: string): readonly ValueOption[] | null {
  const found = (command.options ?? []).find(
    (option): option is Subcommand => option.type === SUBCOMMAND && option.name === wanted,
  );
  return found === undefined ? null : (found.options ?? []);
}

function refuseOrder(options: readonly ValueOption[], context: z.RefinementCtx): void {
  const firstOptional = options.findIndex(({ required }) => required !== true);
  const lastRequired = options.findLastIndex(({ required }) => required === true);
  if (firstOptional >= 0 && firstOptional < lastRequired) {
    context.addIssue({
      code: 'custom',
      message: 'Required options must be placed before non-required options',
    });
  }
  refuseTwins(options, context);
}

function refuseTwins(options: readonly { name: string }[], context: z.RefinementCtx): void {
  const names = options.map(({ name }) => name);
  if (new Set(names).size === names.length) return;
  context.addIssue({ code: 'custom', message: 'Option name must be unique', path: ['options'] });
}

/** All names, descriptions and values together. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => {
    const counts = ['name', 'description', 'value'].includes(key) && typeof item === 'string';
    return sum + (counts ? item.length : sizeOf(item));
  }, 0);
}
