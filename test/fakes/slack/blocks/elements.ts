import { z } from 'zod';
import { confirmDialog, id, option, plainText, richOption, text } from './texts.ts';

const placeholder = plainText(150).optional();
const focusOnLoad = z.boolean().optional();

const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: id.optional(),
  url: text(3000).optional(),
  value: text(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirmDialog.optional(),
  accessibility_label: text(75).optional(),
});

const options = z
  .array(option)
  .min(1, 'must provide at least 1 item')
  .max(100, 'no more than 100 items allowed');
const optionGroups = z
  .array(z.strictObject({ label: plainText(75), options }))
  .min(1, 'must provide at least 1 item')
  .max(100, 'no more than 100 items allowed');

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    action_id: id.optional(),
    placeholder,
    options: options.optional(),
    option_groups: optionGroups.optional(),
    initial_option: option.optional(),
    confirm: confirmDialog.optional(),
    focus_on_load: focusOnLoad,
  })
  .refine(({ options, option_groups }) => (options === undefined) !== (option_groups === undefined), {
    message: 'exactly one of options and option_groups is needed',
  })
  .refine(({ options, option_groups, initial_option }) => {
    const offered = options ?? option_groups?.flatMap((group) => group.options) ?? [];
    return initial_option === undefined || offered.some(({ value }) => value === initial_option.value);
  }, 'initial_option must match exactly one of the options');

const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  action_id: id.optional(),
  placeholder,
  initial_option: option.optional(),
  min_query_length: z.int().min(0).optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focusOnLoad,
});

const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: id.optional(),
  options: z.array(option).min(1).max(5, 'no more than 5 items allowed'),
  confirm: confirmDialog.optional(),
});

const tenOptions = z.array(richOption).min(1).max(10, 'no more than 10 items allowed');

const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: id.optional(),
  options: tenOptions,
  initial_options: tenOptions.optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focusOnLoad,
});

const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  action_id: id.optional(),
  options: tenOptions,
  initial_option: richOption.optional(),
  confirm: confirmDialog.optional(),
  focus_on_load: focusOnLoad,
});

const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: id.optional(),
  placeholder,
  initial_value: z.string().max(3000, 'must be less than 3001 characters').optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).min(1),
    })
    .optional(),
  focus_on_load: focusOnLoad,
});

export const image = z.strictObject({
  type: z.literal('image'),
  image_url: text(3000),
  alt_text: text(2000),
});

const clickable = [button, staticSelect, externalSelect, overflow, checkboxes, radioButtons] as const;

export const actionsElement = z.discriminatedUnion('type', clickable);
export const accessory = z.discriminatedUnion('type', [...clickable, image]);
export const inputElement = z.discriminatedUnion('type', [
  staticSelect,
  externalSelect,
  checkboxes,
  radioButtons,
  plainTextInput,
]);
/** What a `block_suggestion` may be answered with. */
export const suggestions = z.strictObject({
  options: z.array(option).max(100, 'no more than 100 items allowed'),
});
