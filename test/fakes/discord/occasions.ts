import { InteractionType } from 'discord.js';
import { APPLICATION, BOT_USER, type Place } from './directory.ts';
import type { InteractionKind } from './interactions.ts';
import type { Json } from './json.ts';
import { actingMemberJson, userJson } from './people-json.ts';
import { permissionsOf } from './permissions.ts';
import { placeJson } from './place-json.ts';
import type { FakeDiscordUser } from './types.ts';
import type { World } from './world.ts';

const TYPES: Record<InteractionKind, InteractionType> = {
  command: InteractionType.ApplicationCommand,
  autocomplete: InteractionType.ApplicationCommandAutocomplete,
  component: InteractionType.MessageComponent,
  modal: InteractionType.ModalSubmit,
};

/** What all interactions carry. In direct messages there is a user instead of a member, and no guild. */
export function interactionPayload(
  world: World,
  from: { kind: InteractionKind; user: FakeDiscordUser; place: Place; data: Json },
): Json {
  const { kind, user, place, data } = from;
  const { directory } = world;
  return {
    ...{ application_id: APPLICATION, type: TYPES[kind], version: 1, data },
    ...{ channel_id: place.id, channel: acting(world, from), locale: 'en-US' },
    app_permissions: String(permissionsOf(directory, BOT_USER, place)),
    ...{ entitlements: [], entitlement_sku_ids: [], attachment_size_limit: 10 * 1024 * 1024 },
    ...(place.kind === 'dm'
      ? { user: userJson(user), context: 1, authorizing_integration_owners: { '0': '0' } }
      : {
          member: actingMemberJson(directory, user, place),
          ...{ guild_id: directory.guild.id, guild_locale: 'en-US', context: 0 },
          guild: { id: directory.guild.id, locale: 'en-US', features: [] },
          authorizing_integration_owners: { '0': directory.guild.id },
        }),
  };
}

/** The channel, with what the person may do there. */
function acting(world: World, { user, place }: { user: FakeDiscordUser; place: Place }): Json {
  const permissions = String(permissionsOf(world.directory, user.id, place));
  return { ...placeJson(world.directory, place), ...(place.kind === 'dm' ? {} : { permissions }) };
}
