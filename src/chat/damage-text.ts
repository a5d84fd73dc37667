import type { DamageReport } from '../app/proof-ports.ts';
import type { Damage, SoundGeneration } from '../domain/damage.ts';
import { formatAge } from './format.ts';

/** What is damaged, and what to do about it. */
export function damageText(box: string, report: DamageReport): { text: string; lines: string[] } {
  const { damage, current } = report;
  const damaged = [...new Set(damage.map(({ generation }) => generation))];
  const [which, them] = damaged.length === 1 ? ['generation', 'it'] : ['generations', 'them'];
  return {
    text: `Damaged images of ${box}: ${which} ${damaged.join(', ')}. No restore takes ${them}.`,
    lines: [
      ...damage.map((each) => damageLine(each, current)),
      ...waysOut(box, { ...report, damaged }),
      `\`/testbox verify ${box}\` reads them again, when the fault was the server's.`,
    ],
  };
}

function damageLine({ generation, slot, problem }: Damage, current: number | null): string {
  const image = `generation ${generation}${slot === null ? '' : ` ${slot}`}`;
  return `⚠ ${image}${generation === current ? ' (current)' : ''}: ${problem}`;
}

/** What can be restored in place of damaged images, and how there are sound ones again. */
export function waysOut(box: string, { damaged, current, sound, at }: Damaged): string[] {
  const anew = `\`/testbox backup-again ${box}\` takes a new one`;
  if (current === null || !damaged.includes(current)) {
    const rest = sound.find(({ generation }) => generation === current);
    return rest === undefined
      ? []
      : [`A restore takes ${described(rest, at)}: nothing is known to be wrong with that one.`];
  }
  const [older] = sound;
  if (older === undefined)
    return [`${box} has no other image that could be restored: ${anew}, while its disk is good.`];
  return [
    `To restore: \`/testbox restore ${box} as-of:${older.generation}\` takes ${described(older, at)}.`,
    `To have a sound image again: ${anew}, while its disk is good.`,
  ];
}

type Damaged = Pick<DamageReport, 'current' | 'sound' | 'at'> & { damaged: readonly number[] };

function described({ generation, createdAt, verifiedAt }: SoundGeneration, at: number): string {
  const taken = Date.parse(createdAt ?? '');
  const age = Number.isNaN(taken) ? 'of unknown age' : `taken ${formatAge(at - taken)}`;
  const proof = verifiedAt === null ? 'never proved' : `proved ${formatAge(at - verifiedAt)}`;
  return `generation ${generation} (${age}, ${proof})`;
}
