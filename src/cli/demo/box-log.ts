import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VirtualTestbox } from '../../lab/virtual-testbox.ts';

/** Keeps what a box showed and what its agent said, for whoever has to find out why. */
export function logConsole(box: VirtualTestbox): void {
  const write = (line: string) =>
    appendFileSync(join(box.settings.directory, 'console.log'), `${new Date().toISOString()} ${line}\n`);
  box.on('console', write);
  box.on('agent', (line) => write(`agent: ${line}`));
}
