import type { Hello } from '../../contract/report.ts';
import type { Job } from '../../domain/job.ts';
import { isNewStranger } from '../../domain/tellings.ts';
import type { HelloOutcome } from '../agent-calls.ts';
import type { App } from '../app.ts';
import { changeJob } from '../change-job.ts';
import { findTestbox } from '../find-testbox.ts';

/**
 * A hello that doesn't come from the box's address. Who has a nonce of this job is most likely
 * the box all the same, with an address that nobody meant it to have: both addresses are told,
 * to the agent and in the thread. Nobody else learns anything.
 */
export async function turnAway(
  app: App,
  job: Job,
  { said, peer }: { said: Hello; peer: string },
): Promise<HelloOutcome> {
  app.log.warn({ jobId: job.id, peer }, 'a hello came from an address that is not the box');
  const testbox = findTestbox(app, job.testbox.name);
  if ('kind' in testbox || (said.nonce !== job.nonceNext && said.nonce !== job.nonceBoot)) {
    return { kind: 'forbidden', why: 'this address is not the one of the testbox' };
  }
  const expected = testbox.reportsFrom;
  await changeJob(app, job.id, (now) =>
    isNewStranger(now, peer) ? { type: 'called-from-elsewhere', address: peer, expected } : null,
  );
  return {
    kind: 'forbidden',
    why: `this call came from ${peer}, and ${testbox.name} has to call from ${expected}`,
  };
}
