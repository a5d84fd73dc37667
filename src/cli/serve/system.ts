import { randomBytes, randomInt } from 'node:crypto';
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

export const systemRandomness: Randomness = {
  jobId: () => JobId.parse(Array.from({ length: 8 }, () => JOB_ID_LETTERS[randomInt(32)]).join('')),
  nonce: () => Nonce.parse(randomBytes(16).toString('hex')),
  session: () => randomBytes(9).toString('base64url'),
};
