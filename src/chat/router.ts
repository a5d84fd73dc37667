import type { App } from '../app/app.ts';
import { FleetImages } from '../app/fleet-images.ts';
import { parseCommand } from '../domain/command.ts';
import type { Job } from '../domain/job.ts';
import { words } from './message.ts';
import type { Inbound, InboundCommand, InboundPress, MessageRef } from './platform.ts';
import { runCommand } from './router/commands.ts';
import { faultText, guarded } from './router/guard.ts';
import { faultPage, homePage } from './router/home.ts';
import type { RouterParts } from './router/parts.ts';
import { pressObjection, pressQuestion, runPress } from './router/presses.ts';
import { plainForm, requestForm, suggestBoxes } from './router/suggestions.ts';

/** Brings people's words and clicks to the app, and its answers back, privately. */
export function createRouter(app: App): Inbound {
  const parts = { app, images: new FleetImages(app) };
  const { log } = app;
  return {
    command: (command) => answered(app, command, () => onCommand(parts, command)),
    press: (press) => answered(app, press, () => runPress(app, press)),
    objection: (press) =>
      guarded(
        { log, person: press.person },
        () => pressObjection(app, press),
        (errorId) => words(faultText(errorId)),
      ),
    question: ({ person, button }) =>
      guarded(
        { log, person },
        () => pressQuestion(app, button),
        () => null,
      ),
    suggestBoxes: (person, typed) =>
      guarded(
        { log, person },
        () => suggestBoxes(app, person, typed),
        () => [],
      ),
    form: (person, thread) =>
      guarded(
        { log, person },
        async () => requestForm(app, person, await jobOfThread(app, thread)),
        plainForm,
      ),
    home: (person) =>
      guarded(
        { log, person },
        () => homePage(parts, person),
        (errorId) => faultPage(app.clock.now(), faultText(errorId)),
      ),
  };
}

async function onCommand(parts: RouterParts, inbound: InboundCommand): Promise<void> {
  const job = await jobOfThread(parts.app, inbound.thread);
  const parsed = parseCommand(inbound.text, job?.testbox.name ?? null);
  if (!parsed.ok) return inbound.answers.answer(words(parsed.problem));
  // Without a box, `cancel` is about the job of the thread, never about a later one on its box.
  const boxLeftOut = job !== null && !parseCommand(inbound.text).ok;
  return runCommand(parts, parsed.command, { ...inbound, threadJob: boxLeftOut ? job : null });
}

/** The job in whose thread somebody types; it may have ended long ago. */
async function jobOfThread(app: App, thread: MessageRef | null): Promise<Job | null> {
  const id = thread === null ? null : await app.refs.jobOf('card', thread);
  return id === null ? null : app.store.job(id);
}

/** An answer that can't be given any more is the log's. */
function answered(app: App, inbound: InboundCommand | InboundPress, work: () => Promise<void>) {
  const { log } = app;
  return guarded({ log, person: inbound.person }, work, (errorId) =>
    inbound.answers
      .answer(words(faultText(errorId)))
      .catch((lost: unknown) => log.error({ err: lost, errorId }, 'an answer could not be given')),
  );
}
