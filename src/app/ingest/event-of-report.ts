import { assertNever } from '../../contract/assert-never.ts';
import type { ReportBody } from '../../contract/report.ts';
import type { JobEvent } from '../../domain/events.ts';

type Telling = Exclude<ReportBody, { type: 'progress' | 'log' }>;

/** What a report means for the job. */
export function eventOfReport(body: Telling): JobEvent {
  switch (body.type) {
    case 'phase':
      return { type: 'phase-entered', phase: body.phase };
    case 'dirty':
      return { type: 'disk-dirty', slot: body.slot };
    case 'clean':
      return { type: 'disk-clean', slot: body.slot, because: body.because };
    case 'held':
      return { type: 'question-asked', question: body.question };
    case 'stopped':
      return { type: 'agent-stopped' };
    case 'failed': {
      const { class: who, code, message, logTail } = body;
      return { type: 'agent-failed', failure: { class: who, code, message, logTail } };
    }
    case 'done': {
      const { generation, disks, durationMs } = body;
      return { type: 'agent-done', result: { generation, disks, durationMs } };
    }
    default:
      return assertNever(body);
  }
}
