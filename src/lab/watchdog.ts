import { isMainThread } from 'node:worker_threads';

/**
 * Preloaded (`--import`) into processes that the lab starts: when the parent is gone, even by
 * SIGKILL, the pipe to this process's standard input closes, and it ends. Without that a
 * killed demo would leave agents writing to disks.
 */
const expectedParent = Number(process.env.TESTBOX_LAB_PARENT);

// Workers and grandchildren inherit the preload and the environment, but not that pipe.
if (isMainThread && process.ppid === expectedParent) {
  process.stdin.on('end', () => process.exit(70));
  process.stdin.on('error', () => process.exit(70));
  process.stdin.resume();
  if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref();
}
