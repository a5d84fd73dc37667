import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureBoots } from './boot/run.ts';
import { bootTable, HELLO_BOUND_SECONDS } from './boot/stages.ts';

// `npm run bench:boot -- [--boots 5]`: from the power switch of a box in QEMU, with one CPU, to its
// agent's hello, over PXE, the real initramfs and the real maintenance system. Needs what `npm run
// test:pxe` needs, and a machine that does nothing else. Ends with 1 when the median is above the bound.

const EVIDENCE = fileURLToPath(new URL('../../test-results/bench-boot', import.meta.url));

try {
  const { values } = parseArgs({ options: { boots: { type: 'string', default: '5' } } });
  const boots = Number(values.boots);
  if (!Number.isInteger(boots) || boots < 1) throw new Error('--boots is a whole number from 1 on');
  await bench(boots);
} catch (error) {
  process.stderr.write(`bench:boot: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function bench(boots: number): Promise<void> {
  const times = await measureBoots(boots, { evidence: EVIDENCE, say });
  const { lines, medianHello } = bootTable(times);
  say(`\nSeconds from power-on; ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
  say(lines.join('\n'));
  if (medianHello <= HELLO_BOUND_SECONDS) return;
  say(`\nThe median of the hello is above ${HELLO_BOUND_SECONDS} s.`);
  process.exitCode = 1;
}

function say(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}
