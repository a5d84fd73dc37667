import type { JobView } from '../../app/job-view.ts';
import type { Notice } from '../../domain/notices.ts';

/** A box with another address than its own: what people can do about it, in lines. */
export function wrongAddressText(
  { job, testbox }: Pick<JobView, 'job' | 'testbox'>,
  { address, expected }: Extract<Notice, { about: 'wrong-address' }>,
): { text: string; lines: string[] } {
  const box = job.testbox.name;
  const { address: own } = job.testbox;
  return {
    text: `${box} called from ${address}, but the inventory says ${expected}: the bot does not listen to it, and it keeps asking.`,
    lines: [
      `Let DHCP give it ${own}${testbox?.mac == null ? '' : ` by its MAC ${testbox.mac}`}.`,
      'Or give it this address without DHCP: `network: { netmask: …, gateway: … }` in the inventory.',
      `Or, if all its connections come through ${address}, say so: \`reports-from: ${address}\`.`,
      'The job goes on by itself once that is right; a new address needs a power-cycle of the box.',
    ],
  };
}
