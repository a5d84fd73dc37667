import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock, Randomness } from '../../app/ports.ts';
import { JobId, Nonce } from '../../contract/ids.ts';

const JOB_ID_LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await pause(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  },
};

/**
 * The system's clock, ahead by as many ms as the file says: in a lab, hours pass for the bot
 * without anybody waiting for them. A missing file is no offset.
 */
export function labClock(offsetFile: string): Clock {
  return { ...systemClock, now: () => Date.now() + readOffset(offsetFile) };
}

function readOffset(file: string): number {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return 0; // nobody has moved the clock yet
  }
  const offsetMs = Number(text);
  return Number.isFinite(offsetMs) ? offsetMs : 0;
}

export const systemRandomness: Randomness = {
  jobId: () => JobId.parse(Array.from({ length: 8 }, () => JOB_ID_LETTERS[randomInt(32)]).join('')),
  nonce: () => Nonce.parse(randomBytes(16).toString('hex')),
  session: () => randomBytes(9).toString('base64url'),
};
