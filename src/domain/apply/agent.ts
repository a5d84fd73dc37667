import type { Job } from '../job.ts';
import { isLastWarning, isNewStranger, isNewWarning, warningText } from '../tellings.ts';
import { CARD, changed, type Handlers } from './handler.ts';

type AgentEvents =
  | 'hello-new-boot'
  | 'hello-again'
  | 'two-boots-alive'
  | 'called-from-elsewhere'
  | 'heard-again'
  | 'phase-entered'
  | 'agent-warned'
  | 'disk-dirty'
  | 'disk-clean'
  | 'question-asked'
  | 'agent-stopped'
  | 'agent-failed'
  | 'agent-done';

/** The agent's word. */
export const agent: Handlers<AgentEvents> = {
  'hello-new-boot': (job, { bootId, session, nonce, maxAttempts, sshFingerprints }) => {
    const booted: Partial<Job> = {
      ...(nonce === null ? {} : { nonceBoot: job.nonceNext, nonceNext: nonce, rotationOwed: true }),
      bootIds: [...job.bootIds, bootId],
      session,
      sshFingerprints,
      phase: null,
    };
    const rotate = { kind: 'arm' } as const;
    // Whoever waits for a person's decision goes on waiting, in the new boot.
    if (job.state === 'stopped' || job.state === 'in-rescue') return changed(booted, rotate, CARD);
    const attempt = job.attempt + 1;
    if (attempt - job.attemptBase > maxAttempts) {
      return changed({ ...booted, attempt, state: 'stopped' }, rotate, CARD, {
        kind: 'notice',
        notice: { about: 'stopped', why: 'attempts' },
      });
    }
    return changed(
      { ...booted, attempt, state: 'running', question: null },
      rotate,
      CARD,
      { kind: 'notice', notice: { about: 'imaging-started', attempt } },
      // The global log's lines are the original's, which others may read.
      { kind: 'log', message: `${job.testbox.name} says hi.` },
      { kind: 'log', message: `info: Executing '${job.action}'.` },
    );
  },

  'hello-again': (job, { session, sshFingerprints }) => {
    // The boot is the same, and so are its keys: an agent that can't say them takes nothing back.
    const known = sshFingerprints.length === 0 ? job.sshFingerprints : sshFingerprints;
    return changed({ session, sshFingerprints: known, state: 'running', question: null }, CARD);
  },

  'two-boots-alive': (job, { bootId }) =>
    changed({ state: 'stopped', bootIds: [...job.bootIds, bootId] }, CARD, {
      kind: 'notice',
      notice: { about: 'stopped', why: 'two-boots' },
    }),

  'called-from-elsewhere': (job, { address, expected }) =>
    isNewStranger(job, address)
      ? changed(
          { strangers: [...job.strangers, address] },
          { kind: 'notice', notice: { about: 'wrong-address', address, expected } },
        )
      : changed({}),

  'heard-again': () =>
    changed({ state: 'running', deadline: null }, CARD, { kind: 'notice', notice: { about: 'heard-again' } }),

  // Whatever it had asked is settled once it works on.
  'phase-entered': (_job, { phase }) => changed({ phase, question: null }, CARD),

  'agent-warned': (job, { message }) => {
    const text = warningText(message);
    if (!isNewWarning(job, text)) return changed({});
    const warnings = [...job.warnings, text];
    const last = isLastWarning({ warnings });
    return changed({ warnings }, { kind: 'notice', notice: { about: 'warned', message: text, last } });
  },

  'disk-dirty': (job, { slot }) =>
    job.dirty.includes(slot) ? changed({}) : changed({ dirty: [...job.dirty, slot] }, CARD),

  'disk-clean': (job, { slot }) => changed({ dirty: job.dirty.filter((dirty) => dirty !== slot) }, CARD),

  'question-asked': (job, { question }) => {
    if (job.accepted.includes(question.id)) return changed({ question });
    if (job.state === 'held' && job.question?.id === question.id) return changed({});
    return changed({ state: 'held', question }, CARD, {
      kind: 'notice',
      notice: { about: 'held', question },
    });
  },

  'agent-stopped': (job) =>
    job.dirty.length === 0
      ? changed({ state: 'returning', outcome: 'cancelled' }, { kind: 'disarm' }, CARD)
      : changed({ state: 'stopped' }, CARD, {
          kind: 'notice',
          notice: { about: 'stopped', why: 'cancelled' },
        }),

  'agent-failed': (_job, { failure }) =>
    changed(
      { state: 'stopped', failure },
      CARD,
      { kind: 'notice', notice: { about: 'failed', failure } },
      { kind: 'log', message: `error: ${failure.message}` },
    ),

  'agent-done': (job, { result }) =>
    job.action === 'rescue'
      ? changed({ state: 'in-rescue', result }, CARD, { kind: 'notice', notice: { about: 'in-rescue' } })
      : changed(
          { state: 'returning', result, outcome: 'succeeded' },
          { kind: 'disarm' },
          CARD,
          { kind: 'notice', notice: { about: 'done', result } },
          { kind: 'log', message: `info: '${job.action}' - done` },
        ),
};
