import { expect } from 'vitest';
import type { Lab } from './lab.ts';

/** The box runs its own system and lets the bot in. */
export async function expectHome(lab: Lab, name: string): Promise<void> {
  const answer = await lab.mustSsh(name, 'hostname; cat /proc/cmdline');
  expect(answer).toContain(`${name}\n`);
  expect(answer).not.toContain('testbox-action-');
}
