import { type Check, todoOr } from './check.ts';

export const environment: Check = {
  name: 'environment',
  async run({ environmentProblems }) {
    return todoOr('every variable can be read', environmentProblems);
  },
};
