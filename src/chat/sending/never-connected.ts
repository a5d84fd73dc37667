/** A name that isn't found, a connection that is refused: the request never left. */
export function neverConnected(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const { syscall, code } = cause as NodeJS.ErrnoException;
    if (syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT') return true;
    if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(neverConnected);
  }
  return false;
}
