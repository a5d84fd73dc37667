import { ButtonStyle, ComponentType } from 'discord.js';
import { z } from 'zod';
import { invalidAt } from './api-error.ts';
import { isJson, type Json } from './json.ts';
import { flattened } from './shown-text.ts';

const COMPONENT_LIMIT = 40;
const ROW_LIMIT = 5;
const TEXT_LIMIT = 4000;

const id = z.number().int().min(0).nullish();
const customId = z.string().min(1).max(100);

const button = z
  .looseObject({
    type: z.literal(ComponentType.Button),
    id,
    custom_id: customId.nullish(),
    style: z.number().int().min(1).max(6),
    label: z.string().max(80).nullish(),
    disabled: z.boolean().nullish(),
    url: z.string().max(512).nullish(),
    emoji: z.looseObject({}).nullish(),
  })
  .superRefine((button, context) => {
    const isLink = button.style === ButtonStyle.Link;
    const given = isLink ? button.url : button.custom_id;
    const other = isLink ? button.custom_id : button.url;
    if (typeof given !== 'string') {
      context.addIssue({ code: 'custom', message: `A ${isLink ? 'url' : 'custom id'} is required` });
    }
    if (typeof other === 'string') {
      context.addIssue({ code: 'custom', message: 'A custom id and url cannot both be specified' });
    }
    if (!button.label && !button.emoji) {
      context.addIssue({ code: 'custom', message: 'A label or an emoji is required', path: ['label'] });
    }
  });

const select = z.looseObject({
  type: z.literal([3, 5, 6, 7, 8]),
  id,
  custom_id: customId,
  placeholder: z.string().max(150).nullish(),
  options: z
    .array(
      z.looseObject({
        label: z.string().min(1).max(100),
        value: z.string().min(1).max(100),
        description: z.string().max(100).nullish(),
      }),
    )
    .max(25)
    .optional(),
});

const row = z
  .looseObject({
    type: z.literal(ComponentType.ActionRow),
    id,
    components: z
      .array(z.union([button, select]))
      .min(1)
      .max(5),
  })
  .refine(
    ({ components }) =>
      components.length === 1 || components.every(({ type }) => type === ComponentType.Button),
    {
      message: 'The specified component exceeds the maximum width',
      path: ['components'],
    },
  );

const text = z.looseObject({
  type: z.literal(ComponentType.TextDisplay),
  id,
  content: z.string().min(1).max(TEXT_LIMIT),
});

const media = z.looseObject({ url: z.string().min(1).max(2048) });
const thumbnail = z.looseObject({ type: z.literal(ComponentType.Thumbnail), id, media });
const section = z.looseObject({
  type: z.literal(ComponentType.Section),
  id,
  components: z.array(text).min(1).max(3),
  accessory: z.union([button, thumbnail]),
});
const gallery = z.looseObject({
  type: z.literal(ComponentType.MediaGallery),
  id,
  items: z.array(z.looseObject({ media })).min(1).max(10),
});
const file = z.looseObject({ type: z.literal(ComponentType.File), id, file: media });
const separator = z.looseObject({ type: z.literal(ComponentType.Separator), id });
const held = [row, text, section, gallery, file, separator] as const;
const container = z.looseObject({
  type: z.literal(ComponentType.Container),
  id,
  accent_color: z.number().int().min(0).max(0xffffff).nullish(),
  components: z.array(z.discriminatedUnion('type', [...held])).min(1),
});

/** Components of a message; what they may be depends on the flag. */
export const plainComponents = z.array(row).max(ROW_LIMIT);
export const layoutComponents = z
  .array(z.discriminatedUnion('type', [...held, container]))
  .max(COMPONENT_LIMIT);

/** What no single component can know. @throws ApiError 50035 */
export function refuseComponents(components: readonly unknown[]): void {
  const all = flattened(components);
  if (all.length > COMPONENT_LIMIT) {
    throw invalidAt('components', `The total number of components cannot exceed ${COMPONENT_LIMIT}`);
  }
  refuseTwins(
    all.flatMap(({ custom_id }) => (typeof custom_id === 'string' ? [custom_id] : [])),
    'custom id',
  );
  refuseTwins(
    all.flatMap(({ id }) => (typeof id === 'number' && id > 0 ? [String(id)] : [])),
    'id',
  );
  const length = all.reduce((sum, { type, content }) => sum + lengthOf(type, content), 0);
  if (length > TEXT_LIMIT) {
    throw invalidAt('components', `The total length of all texts cannot exceed ${TEXT_LIMIT} characters`);
  }
}

/** What Discord adds where nothing is said. */
const DEFAULTS: Readonly<Record<number, Json>> = {
  [ComponentType.Container]: { accent_color: null, spoiler: false },
  [ComponentType.Separator]: { divider: true, spacing: 1 },
};

/** As Discord keeps them: each with an id. */
export function withIds(components: readonly Json[]): readonly Json[] {
  let last = 0;
  const number = (component: Json): Json => {
    last += 1;
    const numbered: Json = { ...DEFAULTS[Number(component.type)], ...component, id: component.id || last };
    if (Array.isArray(component.components))
      numbered.components = component.components.filter(isJson).map(number);
    if (isJson(component.accessory)) numbered.accessory = number(component.accessory);
    return numbered;
  };
  return components.map(number);
}

function lengthOf(type: unknown, content: unknown): number {
  return type === ComponentType.TextDisplay && typeof content === 'string' ? content.length : 0;
}

function refuseTwins(values: readonly string[], what: string): void {
  const twin = values.find((value, index) => values.indexOf(value) !== index);
  if (twin !== undefined) throw invalidAt('components', `Component ${what} cannot be duplicated: ${twin}`);
}
