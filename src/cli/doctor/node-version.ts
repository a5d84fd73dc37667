import { type Check, todoOr } from './check.ts';

const MINIMUM_MAJOR = 24;

export const nodeVersion: Check = {
  name: 'Node',
  async run({ nodeVersion: version }) {
    const isOld = Number.parseInt(version, 10) < MINIMUM_MAJOR;
    return todoOr(version, isOld ? [`install Node ${MINIMUM_MAJOR} or newer, this is ${version}`] : []);
  },
};
