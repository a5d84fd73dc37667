import type { JobView } from '../../../src/app/job-view.ts';
import type { Commit, JobStore } from '../../../src/app/store.ts';
import { renderCard } from '../../../src/chat/card.ts';
import { renderSummary } from '../../../src/chat/summary.ts';
import type { JobId } from '../../../src/contract/ids.ts';
import type { Job } from '../../../src/domain/job.ts';
import { Figures } from './figures.ts';

interface Stage {
  at: number;
  /** The card's title. */
  onCard: string;
  /** The box's line on the summary card. */
  onSummary: string;
}

/** Stages and notices as they come into the store, and how much later people were shown them. */
export class StageLog {
  readonly stageDelays = new Figures();
  readonly noticeDelays = new Figures();
  /** Not shown yet, oldest first. */
  readonly #stages = new Map<JobId, Stage[]>();
  readonly #notices = new Map<JobId, number[]>();
  #from = Number.POSITIVE_INFINITY;
  #until = Number.POSITIVE_INFINITY;

  /** The same store, listened to. */
  watching(store: JobStore): JobStore {
    return {
      ...store,
      commit: async (commit) => {
        const outcome = await store.commit(commit);
        if (outcome === 'committed') this.#note(commit);
        return outcome;
      },
    };
  }

  /** What comes from now on counts. */
  measure(): void {
    this.#from = Date.now();
  }

  /** What comes from now on doesn't. */
  stop(): void {
    this.#until = Date.now();
  }

  /** Stages that count and that nobody has been shown yet. */
  unshown(): number {
    return [...this.#stages.values()].flat().filter(({ at }) => this.#counts(at)).length;
  }

  /** What nobody was shown by now counts with the time that it has waited. */
  giveUp(): void {
    for (const stage of [...this.#stages.values()].flat()) this.#count(this.stageDelays, stage.at);
    this.#stages.clear();
  }

  told(job: JobId): void {
    const at = this.#notices.get(job)?.shift();
    if (at !== undefined) this.#count(this.noticeDelays, at);
  }

  /** A message that was shown, as its lines. */
  shown(lines: readonly string[]): void {
    const isSummary = /^\d+ jobs at work/.test(lines[0] ?? '');
    for (const [job, stages] of this.#stages) {
      if (!isSummary && !lines.some((line) => line.includes(` · job ${job}`))) continue;
      const newest = stages.findLastIndex(({ onCard, onSummary }) =>
        isSummary ? hasLine(lines, onSummary) : lines[0] === onCard,
      );
      // Whoever is shown a stage needs not be shown the ones before it.
      for (const { at } of stages.splice(0, newest + 1)) this.#count(this.stageDelays, at);
    }
  }

  #note({ before, after, effects }: Commit): void {
    const at = Date.now();
    const onCard = titleOf(after);
    if (after.state !== 'planned' && onCard !== titleOf(before)) {
      const stage = { at, onCard, onSummary: summaryLineOf(after) };
      this.#stages.set(after.id, [...(this.#stages.get(after.id) ?? []), stage]);
    }
    const notices = effects.filter(({ kind }) => kind === 'notice').map(() => at);
    this.#notices.set(after.id, [...(this.#notices.get(after.id) ?? []), ...notices]);
  }

  #count(figures: Figures, at: number): void {
    if (this.#counts(at)) figures.add(Date.now() - at);
  }

  #counts(at: number): boolean {
    return at >= this.#from && at < this.#until;
  }
}

function titleOf(job: Job): string {
  return renderCard(viewOf(job)).title ?? '';
}

function summaryLineOf(job: Job): string {
  return renderSummary([viewOf(job)]).lines[0] ?? '';
}

function viewOf(job: Job): JobView {
  return { job, testbox: null, hearing: null, queuePlace: null, approvers: [], now: 0 };
}

/** A box that is imaged has a percentage in the place of the word. */
function hasLine(lines: readonly string[], wanted: string): boolean {
  if (lines.includes(wanted)) return true;
  const [, head] = /^(.*: )imaging$/.exec(wanted) ?? [];
  return head !== undefined && lines.some((line) => line.startsWith(head) && line.endsWith('%'));
}
