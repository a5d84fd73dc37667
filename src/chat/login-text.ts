import type { Job } from '../domain/job.ts';

/** With what stands before it, the first half of a fingerprint fills a phone's line. */
const FIRST_HALF = 'SHA256:'.length + 22;

/**
 * How to log in to the maintenance system, and by which key to know it: it makes a new one at
 * each boot, so that nobody's known_hosts has it. Null before the job's box has booted it.
 */
export function loginText(job: Job): string | null {
  if (job.bootIds.length === 0) return null;
  const { sshFingerprints } = job;
  const keys = sshFingerprints.map((fingerprint) => `\`${fingerprint}\``).join(', ');
  const word = sshFingerprints.length === 1 ? 'host key' : 'host keys';
  return `\`${loginCommand(job)}\`${sshFingerprints.length === 0 ? '' : `, ${word} ${keys}`}`;
}

/** The same in lines that a phone shows; of several keys the first, the thread has them all. */
export function loginLines(job: Job): string[] {
  if (job.bootIds.length === 0) return [];
  const [fingerprint] = job.sshFingerprints;
  if (fingerprint === undefined) return [loginCommand(job)];
  return [loginCommand(job), `host key ${fingerprint.slice(0, FIRST_HALF)}`, fingerprint.slice(FIRST_HALF)];
}

function loginCommand({ testbox }: Job): string {
  return `ssh root@${testbox.address}`;
}
