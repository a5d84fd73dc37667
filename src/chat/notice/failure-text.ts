import type { FailureClass } from '../../contract/report.ts';
import type { Job, JobFailure } from '../../domain/job.ts';

const WHO_ACTS: Record<FailureClass, string> = {
  operator: 'For the operator to decide: the request can not be carried out like this.',
  box: "The box's hardware or network needs a look.",
  storage: 'The storage server needs a look: `testbox doctor` on it tells more.',
  bug: 'This is a fault in Testbox: please report it with the log.',
};

/** Where the code says more than the class: what to look at. */
const WHAT_TO_LOOK_AT: Readonly<Record<string, (job: Job) => string>> = {
  'share-not-exported': exported,
  'share-not-mounted': ({ testbox }) =>
    `Look on the storage server: the backup directory and ${testbox.address} in it have the file \`testbox-backup\`; \`testbox storage init\` puts it there.`,
  'share-read-only': ({ testbox }) =>
    `Look on the storage server: ${testbox.address} must be exported read-write (rw), and its file system must not be read-only or damaged; \`testbox storage init\` writes the exports.`,
  'share-away': () =>
    'Look on the storage server: is it up, does its NFS service run, and does a firewall let port 2049 through?',
  'wrong-address': ({ testbox }) =>
    `Look at the DHCP server: it has to give the box ${testbox.address} by its MAC. Or set its network in the inventory: \`network: { netmask: …, gateway: … }\`.`,
};

function exported({ testbox }: Job): string {
  return `A box that is new in the inventory has no export yet: \`testbox storage init\` on the storage server writes that of ${testbox.address}. Load the exports again there (\`exportfs -ra\`, or start the NFS service again).`;
}

/** What to do about a failure: who acts, and what to look at. */
export function whatToDo(job: Job, failure: Pick<JobFailure, 'class' | 'code'>): string {
  return WHAT_TO_LOOK_AT[failure.code]?.(job) ?? WHO_ACTS[failure.class];
}

/** How the job goes on after a failure. */
export function nextStep({ state, testbox }: Job, failure: Pick<JobFailure, 'code'>): string {
  if (state !== 'stopped') return 'The box is free again.';
  return failure.code.startsWith('share-')
    ? `${testbox.name} stays in the maintenance system. Put the storage right, then press Retry on the card: no reboot is needed.`
    : 'The box stays in the maintenance system: choose Retry or Boot local disk on the card.';
}
