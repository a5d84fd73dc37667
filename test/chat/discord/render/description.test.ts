import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { confirmQuestion } from '../../../../src/chat/discord/render/asks.ts';
import { cardLinks } from '../../../../src/chat/discord/render/links.ts';
import { discordMessage, plainMessage } from '../../../../src/chat/discord/render/message.ts';
import { reasonModal } from '../../../../src/chat/discord/render/reason-modal.ts';
import { suggestionChoices } from '../../../../src/chat/discord/render/suggestions.ts';
import { MESSAGES } from './stories/messages.ts';
import { GUILD } from './stories/people.ts';

/** Discord's official description of its API lies beside the project, where it is there at all. */
const DESCRIPTION = new URL('../../../../../shared/specs/discord-openapi.json', import.meta.url);
const links = cardLinks(GUILD);

describe.skipIf(!existsSync(DESCRIPTION))("by Discord's own description (if it is there)", () => {
  let validator: (schema: string) => ValidateFunction;

  beforeAll(() => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, discriminator: false });
    ajv.addSchema(JSON.parse(readFileSync(DESCRIPTION, 'utf8')), 'discord');
    validator = (schema) => ajv.compile({ $ref: `discord#/components/schemas/${schema}` });
  });

  it.each(['MessageCreateRequest', 'MessageEditRequestPartial'])('messages are a %s', (schema) => {
    const validate = validator(schema);
    const payloads = Object.values(MESSAGES).flatMap((message) => [
      discordMessage(message, links),
      plainMessage(message, links),
    ]);
    const question = confirmQuestion({ id: 'boot-local', value: '7k3m9q2x', label: 'Boot local disk' });

    for (const payload of [...payloads, question]) {
      validate(payload);
      expect(validate.errors).toBeNull();
    }
    expect(validate({ content: 'x'.repeat(5000) })).toBe(false);
  });

  it('the dialog for a reason and choices are right', () => {
    const dialog = validator('ModalInteractionCallbackRequestData');
    const choice = validator('ApplicationCommandOptionStringChoice');

    dialog(reasonModal({ id: 'deny', value: '7k3m9q2x' }));
    choice(suggestionChoices([{ name: 'pluto', label: 'pluto: free' }])[0]);

    expect([dialog.errors, choice.errors]).toEqual([null, null]);
    expect(dialog({ custom_id: 'x', title: 't'.repeat(46), components: [] })).toBe(false);
  });
});
