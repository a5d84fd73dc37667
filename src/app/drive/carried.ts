/** Carried out for good, or to be tried again. */
export type Carried = { kind: 'done' } | { kind: 'again'; afterMs: number; why: string };
