import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';

const require = createRequire(import.meta.url);
/** In the nfsroot's bundle it lies beside the worker; elsewhere it is a package. */
const KOFFI_PLACES = ['./koffi.node', 'koffi'];

/** A function of a C library. Buffers stand for pointers to their bytes, which are not copied. */
type ForeignFunction = (...values: (number | bigint | Buffer)[]) => unknown;

interface ForeignLibrary {
  /** @param signature in C @throws when it has no such function */
  func(signature: string): ForeignFunction;
}

interface Koffi {
  load(path: string | null): ForeignLibrary;
  address(pointer: unknown): bigint;
  errno(): number;
}

let koffi: Koffi | undefined;
let memmove: ForeignFunction | undefined;

/**
 * Opens a library of the system, or with null what Node itself has in it.
 *
 * @throws when it isn't there, or nothing that could call it
 */
export function loadLibrary(name: string | null): ForeignLibrary {
  koffi ??= loadKoffi();
  return koffi.load(name);
}

/** Where the buffer's bytes are. C code that keeps the address needs the buffer kept alive. */
export function addressOf(buffer: Buffer): bigint {
  koffi ??= loadKoffi();
  // The way to see what a Buffer is passed on as: a function that gives its argument back.
  memmove ??= koffi.load('libc.so.6').func('void *memmove(void *, void *, size_t)');
  return koffi.address(memmove(buffer, buffer, 0));
}

/** The system's code (`EIO`) for why the last call failed, in this thread. */
export function lastErrorCode(): string {
  koffi ??= loadKoffi();
  return getSystemErrorName(-koffi.errno());
}

/** What a function that makes something gave. @throws when it is NULL */
export function madeBy(what: string, pointer: unknown): bigint {
  if (typeof pointer === 'bigint' && pointer !== 0n) return pointer;
  throw new Error(`${what} gave nothing`);
}

function loadKoffi(): Koffi {
  for (const place of KOFFI_PLACES) {
    try {
      const found: unknown = require(place);
      if (isKoffi(found)) return found;
    } catch {
      // Not there, or for another system: the next.
    }
  }
  throw new Error('koffi is not there');
}

function isKoffi(found: unknown): found is Koffi {
  return typeof found === 'object' && found !== null && 'load' in found && 'address' in found;
}
