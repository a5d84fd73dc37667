import type { PlainTextOption } from '@slack/types';
import type { BoxSuggestion } from '../../platform.ts';
import { LIMITS } from './limits.ts';
import { plainText } from './objects.ts';

/** Boxes as options of the dialog's select. A name that is no value for Slack is left out. */
export function suggestionOptions(boxes: readonly BoxSuggestion[]): PlainTextOption[] {
  return boxes
    .filter(({ name }) => name !== '' && name.length <= LIMITS.optionValue)
    .slice(0, LIMITS.options)
    .map(({ name, label }) => ({ text: plainText(label, LIMITS.optionText), value: name }));
}
