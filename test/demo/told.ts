/** What a job's card bears when the job is over. */
const END_SIGNS = ['✅', '❌', '🚫', '⌛'];

/** What people were told of jobs by the end of a script. */
export interface Told {
  /** The sign that each job's card bore at last, by job id. */
  signs: ReadonlyMap<string, string>;
  /** How often a thread told that its job is done. */
  doneNotices: number;
  /** Rules of the chat that the bot broke. */
  breaches: readonly string[];
}

/** The jobs whose end was not told, or not exactly once, in sentences; and the breaches. */
export function untold({ signs, doneNotices, breaches }: Told): string[] {
  const open = [...signs].filter(([, sign]) => !END_SIGNS.includes(sign));
  const done = [...signs.values()].filter((sign) => sign === '✅').length;
  return [
    ...open.map(([job, sign]) => `job ${job} was left with ${sign} on its card`),
    ...(done === doneNotices ? [] : [`${done} jobs were done, and ${doneNotices} notices said so`]),
    ...breaches,
  ];
}

/** How often a text tells that a job is done. */
export function doneNotices(text: string): number {
  return text.match(/is back on its own disk: .* done\./g)?.length ?? 0;
}
