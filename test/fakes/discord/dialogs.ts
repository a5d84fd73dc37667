import { ComponentType } from 'discord.js';
import type { Json } from './json.ts';
import { inputsIn, type ModalForm, type ModalInput, type ModalPart } from './modal-form.ts';
import type { DiscordModal } from './types.ts';

/** A dialog as its person sees it. */
export function shownModal(form: ModalForm): DiscordModal {
  const fields = form.components.flatMap((part) =>
    inputsIn(part).map((input) => ({
      customId: input.custom_id,
      label: labelOf(part, input),
      required: input.required !== false,
    })),
  );
  return { customId: form.custom_id, title: form.title, fields };
}

/**
 * What a submitted dialog sends; fields that aren't named keep what stands in them.
 *
 * @throws Error with what the client would say
 */
export function submittedData(form: ModalForm, texts: Readonly<Record<string, string>>): Json {
  const known = form.components.flatMap(inputsIn).map(({ custom_id }) => custom_id);
  const unknown = Object.keys(texts).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`The dialog has no field "${unknown}"; it has ${known.join(', ') || 'none'}.`);
  }
  let last = 0;
  const number = (): number => {
    last += 1;
    return last;
  };
  const components = form.components.map((part) => partJson(part, texts, number));
  return { custom_id: form.custom_id, components };
}

function partJson(part: ModalPart, texts: Readonly<Record<string, string>>, number: () => number): Json {
  const id = number();
  if (part.type === ComponentType.TextDisplay) return { type: part.type, id };
  const inputs = inputsIn(part).map((input) => ({
    id: number(),
    ...inputJson(input, texts[input.custom_id]),
  }));
  if (part.type === ComponentType.Label) return { type: part.type, id, component: inputs[0] };
  return { type: part.type, id, components: inputs };
}

function inputJson(input: ModalInput, text: string | undefined): Json {
  const { type, custom_id } = input;
  const isRequired = input.required !== false;
  if (type === ComponentType.StringSelect) {
    const isOffered = input.options.some(({ value }) => value === text);
    if (text !== undefined && !isOffered) throw new Error(`"${custom_id}" does not offer "${text}".`);
    if (text === undefined && isRequired) throw new Error(`The field "${custom_id}" is required.`);
    return { type, custom_id, values: text === undefined ? [] : [text] };
  }
  const value = text ?? input.value ?? '';
  if (value === '' && isRequired) throw new Error(`The field "${custom_id}" is required.`);
  const { min_length, max_length } = input;
  const isShort = value !== '' && value.length < (min_length ?? 0);
  if (isShort || value.length > (max_length ?? 4000)) {
    throw new Error(`"${custom_id}" must have ${min_length ?? 0} to ${max_length ?? 4000} characters.`);
  }
  return { type, custom_id, value };
}

function labelOf(part: ModalPart, input: ModalInput): string {
  if (part.type === ComponentType.Label) return part.label;
  return 'label' in input && typeof input.label === 'string' ? input.label : '';
}
