import { lastErrorCode, loadLibrary } from './native/foreign.ts';

const FALLOC_FL_KEEP_SIZE = 1;
const FALLOC_FL_PUNCH_HOLE = 2;
const REFUSED = new Set(['EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EINVAL', 'ENODEV', 'EBUSY']);

/** Gives the error's code, or null when it went well. */
type MakeZero = (fd: number, offset: number, length: number) => string | null;

/** Hears of each range before it is made zero; gives what `make` gives. */
type ZeroWatcher = (
  range: { fd: number; position: number; lengthBytes: number },
  make: () => boolean,
) => boolean;

let known: MakeZero | null | undefined;
let watcher: ZeroWatcher = (_range, make) => make();

/** The call goes by Node's own functions, so that who stands in for those must be told of it. */
export function watchZeroing(by: ZeroWatcher): void {
  watcher = by;
}

/**
 * Makes a range read as zeros: a hole in a file, so that a sparse one stays sparse, and on a block
 * device its write-zeroes, with unmapping where that surely reads as zeros. The kernel does not
 * fall back to writing, and plain discard, which promises nothing, is not used.
 *
 * @returns false when that can't be had, with nothing changed
 * @throws the system's error, with its code
 */
export function zeroRange(fd: number, position: number, lengthBytes: number): boolean {
  if (known === undefined) known = findSystemCall();
  const makeZero = known;
  if (makeZero === null) return false;
  return watcher({ fd, position, lengthBytes }, () => {
    const code = makeZero(fd, position, lengthBytes);
    if (code === null) return true;
    if (REFUSED.has(code)) return false;
    throw Object.assign(new Error(`${code}: fallocate at byte ${position}`), { code });
  });
}

function findSystemCall(): MakeZero | null {
  try {
    const fallocate = loadLibrary('libc.so.6').func(
      'int fallocate(int fd, int mode, int64_t offset, int64_t length)',
    );
    const mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    return (fd, offset, length) => {
      for (;;) {
        if (fallocate(fd, mode, offset, length) === 0) return null;
        const code = lastErrorCode();
        if (code !== 'EINTR') return code;
      }
    };
  } catch {
    return null; // zeros are written then
  }
}
