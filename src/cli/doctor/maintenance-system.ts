import { type Check, NEEDS_ENVIRONMENT } from './check.ts';

/** What boxes boot: whether it is whole, and that of this program and this environment. */
export const maintenanceSystem: Check = {
  name: 'maintenance system',
  async run({ config, nfsroot }) {
    if (config === null || nfsroot === null) return NEEDS_ENVIRONMENT;
    if (nfsroot.kind === 'elsewhere') {
      return { kind: 'skipped', why: `TESTBOX_NFSROOT (${nfsroot.directory}) is not on this machine` };
    }
    const todo = nfsroot.lines.filter(({ ok }) => !ok);
    if (todo.length > 0) return { kind: 'fix', todo: todo.map(({ line }) => line) };
    return { kind: 'ok', detail: nfsroot.lines.map(({ line }) => line).join('; ') };
  },
};
