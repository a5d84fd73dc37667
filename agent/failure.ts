import type { FailureClass } from '../src/contract/report.ts';

/** The action can't go on; says who must act, and in a stable code why. */
export class Failure extends Error {
  override name = 'Failure';
  readonly class: FailureClass;
  readonly code: string;

  constructor(about: { class: FailureClass; code: string; message: string; cause?: unknown }) {
    super(about.message, about.cause === undefined ? {} : { cause: about.cause });
    this.class = about.class;
    this.code = about.code;
  }
}

/** The system's error code (`ENOENT`), or undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A message with its causes, for people. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : ` (${describeError(error.cause)})`;
  return `${error.message || error.name}${cause}`;
}

/** Whatever was thrown, as a failure: a fault of the share by its code, all else a bug. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Failure({
      class: 'storage',
      code: 'no-space',
      message: 'the backup share is full',
      cause: error,
    });
  }
  if (code === 'EROFS') {
    return new Failure({
      class: 'storage',
      code: 'share-read-only',
      message: `the backup share takes no writes, it is exported read-only: ${describeError(error)}`,
      cause: error,
    });
  }
  if (code !== undefined && STORAGE_CODES.has(code)) {
    return new Failure({
      class: 'storage',
      code: 'share-failed',
      message: `the backup share failed: ${describeError(error)}`,
      cause: error,
    });
  }
  return new Failure({
    class: 'bug',
    code: 'unexpected',
    message: `the agent failed: ${describeError(error)}`,
    cause: error,
  });
}

const STORAGE_CODES = new Set(['EIO', 'ESTALE', 'EACCES', 'EPERM', 'ENOENT', 'ENOTCONN', 'ETIMEDOUT']);
