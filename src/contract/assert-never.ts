/** Ends an exhaustive switch: a new case that is forgotten is a type error. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
