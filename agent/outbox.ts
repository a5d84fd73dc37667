import type { DiskProgress, Report, ReportBody } from '../src/contract/report.ts';

const BATCH_REPORTS = 100;
/** Well below what the bot takes; a single report is always smaller. */
const BATCH_BYTES = 256 * 1024;

/**
 * The reports of one session that the bot hasn't acknowledged, in order. Progress waits
 * beside them, newest only, until nothing else is owed: a bot that was away for hours
 * gets the events and one progress.
 */
export class Outbox {
  #next = 1;
  #owed: Report[] = [];
  #progress: DiskProgress[] | null = null;

  get owed(): number {
    return this.#owed.length;
  }

  get progressWaits(): boolean {
    return this.#progress !== null;
  }

  setProgress(disks: DiskProgress[]): void {
    this.#progress = disks;
  }

  /** Gives the reports that came to be: the one asked for, after the progress that waited. */
  add(body: ReportBody, at: number): Report[] {
    const waiting = this.takeProgress(at);
    const report = this.#number(body, at);
    return [...waiting, report];
  }

  /** Turns waiting progress into a report. */
  takeProgress(at: number): Report[] {
    if (this.#progress === null) return [];
    const disks = this.#progress;
    this.#progress = null;
    return [this.#number({ type: 'progress', disks }, at)];
  }

  /** The oldest reports that are owed, as many as a batch may hold. */
  batch(): Report[] {
    const batch: Report[] = [];
    let bytes = 0;
    for (const report of this.#owed.slice(0, BATCH_REPORTS)) {
      bytes += JSON.stringify(report).length;
      if (batch.length > 0 && bytes > BATCH_BYTES) break;
      batch.push(report);
    }
    return batch;
  }

  acknowledge(sequence: number): void {
    this.#owed = this.#owed.filter((report) => report.sequence > sequence);
  }

  /** A new session: what is owed is numbered from 1 again. Gives all of it. */
  renumber(): Report[] {
    this.#owed = this.#owed.map((report, position) => ({ ...report, sequence: position + 1 }));
    this.#next = this.#owed.length + 1;
    return [...this.#owed];
  }

  #number(body: ReportBody, at: number): Report {
    const report: Report = { sequence: this.#next++, at, body };
    this.#owed.push(report);
    return report;
  }
}
