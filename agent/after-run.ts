import { asFailure } from './failure.ts';
import { type Job, LOG_MESSAGE_LENGTH, log } from './job.ts';
import { howToLogIn } from './log-in.ts';
import type { Session } from './session.ts';
import { isOver, StopRequested } from './standing.ts';

export type Next = 'reboot' | 'hello-again' | 'end';

/** Tells why the action did not come to its end. */
export async function reportEnd(job: Job, error: unknown): Promise<void> {
  const { session, deps } = job;
  const { logbook } = deps;
  if (error instanceof StopRequested) {
    logbook.record('info', `Stopped, as the bot wants (${error.standing.kind})`);
    if (!isOver(error.standing)) await session.emit({ type: 'stopped' });
    return;
  }
  const failure = asFailure(error);
  logbook.record('error', `${failure.message} [${failure.class}, ${failure.code}]`);
  if (failure.class === 'bug' && failure.stack !== undefined) logbook.say(failure.stack);
  await session.emit({
    type: 'failed',
    class: failure.class,
    code: failure.code,
    message: failure.message.slice(0, LOG_MESSAGE_LENGTH),
    logTail: logbook.tail(),
  });
}

/**
 * Nothing runs any more: heard every few seconds, until the bot says what is next. `continue`
 * asks for a new run, but only in an answer of after it knew how this one ended.
 */
export async function untilNext(session: Session, ended: 'done' | 'not-done', job: Job): Promise<Next> {
  const { logbook } = job.deps;
  let said = '';
  let told = false;
  for (;;) {
    const { standing } = session;
    if (standing.kind === 'ended') return 'end';
    if (standing.kind === 'reboot-local') {
      for (const { level, message } of await job.bootOrder.look()) await log(job, level, message);
      logbook.record('info', 'rebooting');
      await lastWords(job);
      return 'reboot';
    }
    if (isOver(standing)) return 'hello-again';
    if (told && ended === 'not-done' && standing.kind === 'continue') {
      logbook.say('The bot asks for another run.');
      return 'hello-again';
    }
    if (standing.kind === 'stay' && said !== 'stay') {
      const how = await howToLogIn(job.deps.machine);
      logbook.say(`The bot says stay: the box stays in the maintenance system (${how}) until people decide.`);
    }
    said = standing.kind;
    await session.delivered();
    told = !isOver(session.standing);
    if (told && session.standing.kind !== 'reboot-local') await session.nextAnswer();
  }
}

/** Neither a bot nor a share that is away keeps the box here. */
async function lastWords({ session, deps }: Job): Promise<void> {
  const { lastWordsMs } = deps.timing;
  await session.delivered(AbortSignal.timeout(lastWordsMs)).catch(() => undefined);
  await deps.logbook.writtenWithin(lastWordsMs);
}
