/** What stands in the way, as a sentence with the next step. */
export class NfsrootProblem extends Error {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
