import { hasDescription } from './description.ts';
import { APPLICATION, BOT_USER } from './directory.ts';
import { ACME } from './guild.ts';
import { HttpServer } from './http-server.ts';
import { Person } from './person.ts';
import { channelJson, placeJson } from './place-json.ts';
import { changeThread } from './places.ts';
import { isShownTo, seen } from './seen.ts';
import { BOT_TOKEN } from './tokens.ts';
import type { FakeDiscord, GuildSettings } from './types.ts';
import { createWorld, type World } from './world.ts';

/** A whole Discord on loopback; what isn't said is as in `ACME`. */
export async function startFakeDiscord(settings: Partial<GuildSettings> = {}): Promise<FakeDiscord> {
  const world = createWorld({ ...ACME, ...settings });
  const server = new HttpServer(world);
  await server.open();
  return {
    apiUrl: `http://${world.host}/api`,
    ...{ token: BOT_TOKEN, botUser: BOT_USER, applicationId: APPLICATION },
    as: (user) => new Person(world, user),
    ...looks(world),
    ...faults(world, server),
    ...changes(world),
    async stop() {
      world.interactions.stop();
      await server.close();
      world.journal.stir();
    },
  };
}

function looks(world: World) {
  const { journal, messages, interactions, directory } = world;
  return {
    calls: () => [...journal.calls],
    revision: () => messages.revision,
    changesSince(revision: number, user: string) {
      return messages
        .changedAfter(revision)
        .filter((message) => isShownTo(directory, user, message))
        .map((message) => seen(world, message));
    },
    changed: (signal?: AbortSignal) => journal.changed(signal),
    breaches: () => [...journal.breaches],
    pending: () => interactions.pending(),
    invalidRequests: () => world.invalid.count,
    checksDescription: hasDescription,
    commands: () => world.commands.all().map(({ sent }) => sent),
  };
}

function faults(world: World, server: HttpServer) {
  const { faults, gateway, tokens, interactions } = world;
  return {
    storm: (part: string | null, settings: { retryAfterSeconds: number; forMs: number }) =>
      faults.storm(part, settings),
    failNext: (part: string, error: { status: number; code: number; message: string }) =>
      faults.failNext(part, error),
    loseNextAnswer: (part: string) => faults.loseNextAnswer(part),
    dropGateway: () => gateway.drop(),
    askReconnect: () => gateway.askReconnect(),
    invalidateSession: () => gateway.invalidate(),
    replayInteraction: () => interactions.replay(),
    setDown: (down: boolean) => (down ? server.close() : server.open()),
    revokeToken() {
      tokens.revoke();
      gateway.endAll();
    },
  };
}

function changes(
  world: World,
): Pick<FakeDiscord, 'setChannel' | 'deleteChannel' | 'deleteMessage' | 'setRoleMembers' | 'archiveThread'> {
  const { directory, gateway, messages, journal } = world;
  return {
    setChannel(id, change) {
      const event = directory.place(id) === null ? 'CHANNEL_CREATE' : 'CHANNEL_UPDATE';
      directory.setChannel(id, change);
      const place = directory.place(id);
      if (place?.kind === 'channel') gateway.dispatch(event, channelJson(directory, place.channel), 'Guilds');
      journal.stir();
    },
    deleteChannel(id) {
      const place = directory.place(id);
      if (place === null || place.kind === 'dm') throw new Error(`There is no channel ${id}.`);
      const event = place.kind === 'thread' ? 'THREAD_DELETE' : 'CHANNEL_DELETE';
      gateway.dispatch(event, placeJson(directory, place), 'Guilds');
      for (const gone of directory.deleteChannel(id)) messages.removeAllIn(gone);
      journal.stir();
    },
    deleteMessage(id) {
      const message = messages.find(id);
      if (message === null) throw new Error(`There is no message ${id}.`);
      messages.remove(message);
    },
    setRoleMembers: (id, members) => directory.setRoleMembers(id, members),
    archiveThread(id, { locked }) {
      const thread = directory.thread(id);
      if (thread === null) throw new Error(`There is no thread ${id}.`);
      changeThread(world, thread, { archived: true, locked });
    },
  };
}
