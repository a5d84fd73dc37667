import { ComponentType } from 'discord.js';
import { z } from 'zod';
import { choiceList } from './command-form.ts';
import { commandData, offered, typingData } from './command-line.ts';
import { shownModal, submittedData } from './dialogs.ts';
import type { Place } from './directory.ts';
import { messageJson } from './message-json.ts';
import type { StoredMessage } from './message-store.ts';
import { interactionPayload } from './occasions.ts';
import { isShownTo, seen } from './seen.ts';
import { buttonsOf, flattened } from './shown-text.ts';
import type {
  DiscordDelivery,
  DiscordModal,
  FakeDiscordPerson,
  FakeDiscordUser,
  SeenDiscordMessage,
} from './types.ts';
import type { World } from './world.ts';

const COMMAND = 'testbox';

const offeredChoices = z.object({ choices: choiceList });

/** One person in front of Discord's client. */
export class Person implements FakeDiscordPerson {
  readonly #world: World;
  readonly #user: FakeDiscordUser;

  constructor(world: World, id: string) {
    const user = world.directory.user(id);
    if (user === null) throw new Error(`Nobody in the guild has the id ${id}.`);
    this.#world = world;
    this.#user = user;
  }

  command(
    channel: string | null,
    subcommand: string,
    options: Readonly<Record<string, string>> = {},
  ): DiscordDelivery {
    const world = this.#world;
    const place = this.#writable(channel);
    const command = offered(world, { user: this.#user, place }, COMMAND);
    const data = commandData(command, subcommand, options);
    const payload = interactionPayload(world, { kind: 'command', user: this.#user, place, data });
    const what = { kind: 'command', what: `/${COMMAND} ${subcommand}`, name: COMMAND } as const;
    return world.interactions.deliver({ ...what, ...this.#from(place), sourceId: null, payload });
  }

  async autocomplete(
    channel: string,
    subcommand: string,
    typing: { option: string; typed: string },
  ): Promise<readonly { name: string; value: string }[]> {
    const world = this.#world;
    const place = this.#writable(channel);
    const command = offered(world, { user: this.#user, place }, COMMAND);
    const data = typingData(command, subcommand, typing);
    const payload = interactionPayload(world, { kind: 'autocomplete', user: this.#user, place, data });
    const what = {
      kind: 'autocomplete',
      what: `The suggestions for ${typing.option}`,
      name: COMMAND,
    } as const;
    const delivery = world.interactions.deliver({ ...what, ...this.#from(place), sourceId: null, payload });
    const { choices } = offeredChoices.parse((await delivery.responded).data);
    return choices.map(({ name, value }) => ({ name, value: String(value) }));
  }

  press(messageId: string, customId: string): DiscordDelivery {
    const world = this.#world;
    const message = this.#message(messageId);
    refuseButton(message, customId);
    const component = flattened(message.components).find(({ custom_id }) => custom_id === customId);
    const data = { custom_id: customId, component_type: ComponentType.Button, id: component?.id };
    const place = this.#place(message.channelId);
    const common = interactionPayload(world, { kind: 'component', user: this.#user, place, data });
    const payload = { ...common, message: messageJson(world, message) };
    const what = { kind: 'component', what: `The button ${customId}`, name: null } as const;
    return world.interactions.deliver({ ...what, ...this.#from(place), sourceId: message.id, payload });
  }

  modal(): DiscordModal | null {
    const open = this.#world.modals.of(this.#user.id);
    return open === null ? null : shownModal(open.form);
  }

  submit(fields: Readonly<Record<string, string>>): DiscordDelivery {
    const world = this.#world;
    const open = world.modals.of(this.#user.id);
    if (open === null) throw new Error(`${this.#user.name} has no dialog open.`);
    const { form, channelId, sourceId } = open;
    const place = this.#place(channelId);
    const data = submittedData(form, fields);
    const common = interactionPayload(world, { kind: 'modal', user: this.#user, place, data });
    const source = sourceId === null ? null : world.messages.find(sourceId);
    const payload = { ...common, ...(source === null ? {} : { message: messageJson(world, source) }) };
    const what = { kind: 'modal', what: `The dialog ${form.custom_id}`, name: null } as const;
    // Until it is answered the dialog stays, with what was typed.
    const settle = (): void => world.modals.close(this.#user.id, open);
    return world.interactions.deliver({ ...what, ...this.#from(place), sourceId, payload, settle });
  }

  closeModal(): void {
    const open = this.#world.modals.of(this.#user.id);
    if (open === null) throw new Error(`${this.#user.name} has no dialog open.`);
    this.#world.modals.close(this.#user.id, open);
  }

  sees(): readonly SeenDiscordMessage[] {
    return this.#world.messages
      .all()
      .filter((message) => isShownTo(this.#world.directory, this.#user.id, message))
      .map((message) => seen(this.#world, message));
  }

  #from(place: Place): { user: string; channelId: string } {
    return { user: this.#user.id, channelId: place.id };
  }

  #place(channel: string | null): Place {
    const { directory } = this.#world;
    const id = channel ?? directory.openDm(this.#user.id);
    const place = directory.place(id);
    if (place === null) throw new Error(`There is no channel ${id}.`);
    return place;
  }

  #writable(channel: string | null): Place {
    const place = this.#place(channel);
    if (place.kind === 'thread' && place.thread.locked) {
      throw new Error(`The thread ${place.id} is locked: nobody can write there.`);
    }
    return place;
  }

  #message(id: string): StoredMessage {
    const message = this.#world.messages.find(id);
    if (message === null || !isShownTo(this.#world.directory, this.#user.id, message)) {
      throw new Error(`${this.#user.name} sees no message ${id}.`);
    }
    return message;
  }
}

function refuseButton({ id, components }: StoredMessage, customId: string): void {
  const buttons = buttonsOf(components);
  const button = buttons.find((button) => button.customId === customId);
  if (button === undefined) {
    const shown = buttons.map(({ customId }) => customId).join(', ');
    throw new Error(`The message ${id} has no button ${customId}; it has ${shown || 'none'}.`);
  }
  if (button.disabled) throw new Error(`The button ${customId} of message ${id} can't be pressed.`);
}
