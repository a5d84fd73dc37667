import { MessageFlags, InteractionResponseType as Type } from 'discord.js';
import { z } from 'zod';
import { answeredBy, postAnswer } from '../answers.ts';
import { invalidForm } from '../api-error.ts';
import { choiceList } from '../command-form.ts';
import { BOT_USER } from '../directory.ts';
import { formOf } from '../form.ts';
import type { Interaction, InteractionKind } from '../interactions.ts';
import { isJson, type Json } from '../json.ts';
import { contentOf } from '../message-body.ts';
import { messageJson } from '../message-json.ts';
import type { StoredMessage } from '../message-store.ts';
import { modalForm } from '../modal-form.ts';
import { DONE, ok, type Reply, type Route, type RouteCall } from '../route.ts';

const callbackForm = z.looseObject({ type: z.number().int(), data: z.looseObject({}).nullish() });

export const CALLBACK_ROUTES: readonly Route[] = [
  {
    ...{ method: 'POST', template: '/interactions/{interaction_id}/{interaction_token}/callback' },
    ...{ auth: 'none', budget: null, run: respond },
  },
];

function respond(call: RouteCall): Reply {
  const { world, params, query } = call;
  const interaction = world.interactions.waiting(
    params.get('interaction_id'),
    params.get('interaction_token'),
  );
  const { type, data } = formOf(callbackForm, call.body);
  const allowed = typesFor(interaction);
  if (!allowed.includes(type)) {
    const message = `Value must be one of {${allowed.join(', ')}}.`;
    throw invalidForm([{ path: ['type'], code: 'BASE_TYPE_CHOICES', message }]);
  }
  const message = perform(call, interaction, { type, data: data ?? {} });
  interaction.originalId = message?.id ?? null;
  world.interactions.settle(interaction, { type, data: data ?? {} });
  if (query.get('with_response') !== 'true') return DONE;
  return ok(callbackJson(call, interaction, { type, message }));
}

/** What may be the first answer to each kind. A dialog can't open another one. */
function typesFor({ kind, sourceId }: Interaction): readonly number[] {
  const say: readonly number[] = [Type.ChannelMessageWithSource, Type.DeferredChannelMessageWithSource];
  const update = sourceId === null ? [] : [Type.DeferredMessageUpdate, Type.UpdateMessage];
  const types: Record<InteractionKind, readonly number[]> = {
    command: [...say, Type.Modal],
    autocomplete: [Type.ApplicationCommandAutocompleteResult],
    component: [...say, ...update, Type.Modal],
    modal: [...say, ...update],
  };
  return types[kind];
}

/** The message that there is now for it. */
function perform(
  call: RouteCall,
  interaction: Interaction,
  { type, data }: { type: number; data: Json },
): StoredMessage | null {
  const { world } = call;
  const source = interaction.sourceId === null ? null : world.messages.find(interaction.sourceId);
  switch (type) {
    case Type.ChannelMessageWithSource:
      return postAnswer(world, interaction, { body: data, files: call.files });
    case Type.DeferredChannelMessageWithSource:
      return defer(call, interaction, data);
    case Type.DeferredMessageUpdate:
      return source;
    case Type.UpdateMessage: {
      const { allowed: _, ...said } = contentOf(world, { body: data, files: call.files }, source);
      return source === null ? null : world.messages.change(source, { ...said, editedAt: world.now() });
    }
    case Type.Modal:
      world.modals.open(interaction, formOf(z.looseObject({ data: modalForm }), { data }).data);
      return null;
    default:
      formOf(z.looseObject({ data: z.looseObject({ choices: choiceList }) }), { data });
      return null;
  }
}

function defer({ world }: RouteCall, interaction: Interaction, data: Json): StoredMessage {
  const isEphemeral = typeof data.flags === 'number' && (data.flags & MessageFlags.Ephemeral) !== 0;
  const { user, channelId } = interaction;
  const message = world.messages.add({
    ...{ channelId, author: BOT_USER, interaction: answeredBy(interaction) },
    flags: MessageFlags.Loading | (isEphemeral ? MessageFlags.Ephemeral : 0),
    onlyFor: isEphemeral ? user : null,
  });
  interaction.messageIds.add(message.id);
  return message;
}

function callbackJson(
  { world }: RouteCall,
  interaction: Interaction,
  { type, message }: { type: number; message: StoredMessage | null },
): Json {
  const flags = message?.flags ?? 0;
  const response = message === null ? {} : { response_message_id: message.id };
  const state = {
    response_message_loading: (flags & MessageFlags.Loading) !== 0,
    response_message_ephemeral: (flags & MessageFlags.Ephemeral) !== 0,
  };
  const { id, payload, channelId } = interaction;
  const place = { channel_id: channelId, ...(isJson(payload.member) ? { guild_id: payload.guild_id } : {}) };
  const about = { id, type: payload.type, ...response, ...(message === null ? {} : state), ...place };
  const resource = { type, ...(message === null ? {} : { message: messageJson(world, message) }) };
  return { interaction: about, resource };
}
