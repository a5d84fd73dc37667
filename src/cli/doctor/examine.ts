import type { Check, CheckResult, DoctorContext } from './check.ts';

/** One line of the doctor's findings. */
export interface Finding {
  name: string;
  status: 'ok' | 'fix' | 'skipped';
  text: string;
}

/** Runs the checks one after the other. One that fails itself is a thing to fix. */
export async function examine(checks: readonly Check[], context: DoctorContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...toFindings(check.name, await resultOf(check, context)));
  return findings;
}

/** As the terminal shows it. */
export function findingLine({ name, status, text }: Finding): string {
  const label = { ok: 'ok  ', fix: 'FIX ', skipped: '-   ' }[status];
  return `${label} ${name}: ${text}`;
}

async function resultOf(check: Check, context: DoctorContext): Promise<CheckResult> {
  try {
    return await check.run(context);
  } catch (error) {
    return { kind: 'fix', todo: [error instanceof Error ? error.message : String(error)] };
  }
}

function toFindings(name: string, result: CheckResult): Finding[] {
  switch (result.kind) {
    case 'ok':
      return [{ name, status: 'ok', text: result.detail }];
    case 'fix':
      return result.todo.map((text) => ({ name, status: 'fix', text }));
    case 'skipped':
      return [{ name, status: 'skipped', text: `not looked at, ${result.why}` }];
  }
}
