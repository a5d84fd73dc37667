import { BOT_USER } from './directory.ts';
import { HttpServer } from './http-server.ts';
import { seen } from './message-store.ts';
import { Person } from './person.ts';
import { APP_TOKEN, BOT_TOKEN } from './tokens.ts';
import type { FakeSlack, WorkspaceSettings } from './types.ts';
import { ACME } from './workspace.ts';
import { createWorld, type World } from './world.ts';

/** A whole Slack on loopback; what isn't said is as in `ACME`. */
export async function startFakeSlack(settings: Partial<WorkspaceSettings> = {}): Promise<FakeSlack> {
  const world = createWorld({ ...ACME, ...settings });
  const server = new HttpServer(world);
  await server.open();
  return {
    apiUrl: `http://${world.host}/api/`,
    ...{ botToken: BOT_TOKEN, appToken: APP_TOKEN, botUser: BOT_USER },
    as: (user) => new Person(world, user),
    ...looks(world),
    ...faults(world, server),
    ...changes(world),
    async stop() {
      world.deliveries.stop();
      world.sockets.stop();
      await server.close();
      world.journal.stir();
    },
  };
}

function looks(world: World) {
  const { journal, messages, deliveries } = world;
  return {
    calls: () => [...journal.calls],
    revision: () => messages.revision,
    changesSince(revision: number, user: string) {
      const person = new Person(world, user);
      return messages
        .changedAfter(revision)
        .filter((message) => person.seesMessage(message))
        .map(seen);
    },
    changed: (signal?: AbortSignal) => journal.changed(signal),
    breaches: () => [...journal.breaches],
    pending: () => deliveries.pending(),
  };
}

function faults(world: World, server: HttpServer) {
  const { faults, sockets, deliveries, tokens } = world;
  return {
    storm: (method: string | null, settings: { retryAfterSeconds: number; forMs: number }) =>
      faults.storm(method, settings),
    failNext: (method: string, error: string) => faults.failNext(method, error),
    loseNextAnswer: (method: string) => faults.loseNextAnswer(method),
    hangNext: (method: string) => faults.hangNext(method),
    redeliver: (options: { newEnvelopeId: boolean }) => deliveries.redeliver(options),
    dropSockets: () => sockets.drop(),
    disconnect: (reason: string) => sockets.disconnect(reason),
    setDown: (down: boolean) => (down ? server.close() : server.open()),
    revoke: (token: 'bot' | 'app', error: string) => tokens.revoke(token, error),
  };
}

function changes(
  world: World,
): Pick<FakeSlack, 'setScopes' | 'setChannel' | 'setUser' | 'setUserGroup' | 'deleteMessage'> {
  const { directory } = world;
  return {
    setScopes(scopes) {
      directory.scopes = scopes;
    },
    setChannel: (id, change) => directory.setChannel(id, change),
    setUser: (id, change) => directory.setUser(id, change),
    setUserGroup: (id, users) => directory.setUserGroup(id, users),
    deleteMessage({ channel, ts }) {
      const found = world.messages.find(channel, ts);
      if (found === null) throw new Error(`There is no message ${ts} in ${channel}.`);
      world.messages.remove(found);
    },
  };
}
