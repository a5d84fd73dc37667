import type { Directive } from '../../contract/report.ts';
import type { Job } from '../../domain/job.ts';

/** What the bot wants of the job's agent, read off the job's state. */
export function directiveFor(job: Job): Directive {
  switch (job.state) {
    case 'running':
      return job.question !== null && job.accepted.includes(job.question.id)
        ? { kind: 'proceed', question: job.question.id, plan: job.plan, digest: job.digest }
        : { kind: 'continue' };
    case 'booting':
    case 'rebooting':
    case 'arming':
    case 'needs-hands':
    case 'held':
      return { kind: 'continue' };
    case 'cancelling':
      return { kind: 'cancel' };
    case 'returning':
      // The box must never reboot into a live boot config.
      return { kind: job.disarmed ? 'reboot-local' : 'stay' };
    default:
      return { kind: 'stay' };
  }
}
