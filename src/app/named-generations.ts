import type { TestboxAddress } from '../contract/address.ts';
import type { Job } from '../domain/job.ts';

/** The generations of a box that these jobs read, be it for the box itself or for another one. */
export function generationsNamed(jobs: readonly Job[], address: TestboxAddress): number[] {
  return jobs
    .filter(({ plan, testbox }) => (plan.source?.address ?? testbox.address) === address)
    .flatMap(({ plan }) => plan.disks)
    .flatMap(({ image }) => (image?.kind === 'indexed' ? [image.generation] : []));
}
