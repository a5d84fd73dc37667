import { ComponentType } from 'discord.js';
import { z } from 'zod';

const FIELD_LIMIT = 5;

const textInput = z
  .looseObject({
    type: z.literal(ComponentType.TextInput),
    custom_id: z.string().min(1).max(100),
    style: z.literal([1, 2]),
    label: z.string().min(1).max(45).nullish(),
    min_length: z.number().int().min(0).max(4000).nullish(),
    max_length: z.number().int().min(1).max(4000).nullish(),
    required: z.boolean().nullish(),
    value: z.string().max(4000).nullish(),
    placeholder: z.string().max(100).nullish(),
  })
  .refine(({ min_length, max_length }) => (min_length ?? 0) <= (max_length ?? 4000), {
    message: 'min_length must not be greater than max_length',
  });

const select = z.looseObject({
  type: z.literal(ComponentType.StringSelect),
  custom_id: z.string().min(1).max(100),
  options: z
    .array(z.looseObject({ label: z.string().min(1).max(100), value: z.string().min(1).max(100) }))
    .min(1)
    .max(25),
  required: z.boolean().nullish(),
});

/** The old way, in which a field carries its own label. */
const labelledRow = z.looseObject({
  type: z.literal(ComponentType.ActionRow),
  components: z
    .array(textInput.refine(({ label }) => typeof label === 'string', 'A label is required'))
    .length(1),
});

const label = z.looseObject({
  type: z.literal(ComponentType.Label),
  label: z.string().min(1).max(45),
  description: z.string().max(100).nullish(),
  component: z.discriminatedUnion('type', [textInput, select]),
});

const note = z.looseObject({
  type: z.literal(ComponentType.TextDisplay),
  content: z.string().min(1).max(4000),
});

/** A dialog with one to five parts. */
export const modalForm = z
  .looseObject({
    custom_id: z.string().min(1).max(100),
    title: z.string().min(1).max(45),
    components: z
      .array(z.discriminatedUnion('type', [labelledRow, label, note]))
      .min(1)
      .max(FIELD_LIMIT),
  })
  .superRefine(({ components }, context) => {
    const ids = components.flatMap((part) => inputsIn(part).map(({ custom_id }) => custom_id));
    if (new Set(ids).size === ids.length) return;
    context.addIssue({
      code: 'custom',
      message: 'Component custom id cannot be duplicated',
      path: ['components'],
    });
  });

export type ModalForm = z.infer<typeof modalForm>;
export type ModalPart = ModalForm['components'][number];
export type ModalInput = z.infer<typeof textInput> | z.infer<typeof select>;

export function inputsIn(part: ModalPart): readonly ModalInput[] {
  if (part.type === ComponentType.Label) return [part.component];
  return part.type === ComponentType.ActionRow ? part.components : [];
}
