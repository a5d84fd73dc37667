import type { App } from '../app/app.ts';
import type { Log } from '../app/ports.ts';
import { parseCommand } from '../domain/command.ts';
import { words } from './message.ts';
import type { Inbound, InboundCommand, InboundPress } from './platform.ts';
import { runCommand } from './router/commands.ts';
import { runPress } from './router/presses.ts';

/** Brings people's words and clicks to the app, and its answers back, privately. */
export function createRouter(app: App): Inbound {
  return {
    command: (command) => guarded(app.log, command, () => onCommand(app, command)),
    press: (press) => guarded(app.log, press, () => runPress(app, press)),
  };
}

async function onCommand(app: App, inbound: InboundCommand): Promise<void> {
  const parsed = parseCommand(inbound.text, await threadBox(app, inbound));
  if (!parsed.ok) return inbound.answers.answer(words(parsed.problem));
  return runCommand(app, parsed.command, inbound);
}

/** The box of the job in whose thread somebody types. Threads come with the platforms that have them. */
async function threadBox(app: App, { thread }: InboundCommand): Promise<string | null> {
  if (thread === null) return null;
  const job = await jobOfThread(app, thread);
  return job?.testbox.name ?? null;
}

async function jobOfThread(app: App, card: string) {
  const id = await app.refs.jobOf('card', card);
  return id === null ? null : app.store.job(id);
}

/** Nobody is left without an answer: an unknown error gives an id to ask about. */
async function guarded(
  log: Log,
  inbound: InboundCommand | InboundPress,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const errorId = crypto.randomUUID().slice(0, 8);
    log.error({ err: error, errorId, user: inbound.person.user }, 'a command or click failed');
    await inbound.answers
      .answer(
        words(`Something went wrong here (error ${errorId}); it is in the bot's log. Nothing was started.`),
      )
      .catch((lost: unknown) => log.error({ err: lost, errorId }, 'an answer could not be given'));
  }
}
