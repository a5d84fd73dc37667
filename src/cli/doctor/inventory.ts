import { type Check, NEEDS_ENVIRONMENT, todoOr } from './check.ts';

export const inventory: Check = {
  name: 'inventory',
  async run({ config, inventoryProblems, testboxes }) {
    if (config === null) return NEEDS_ENVIRONMENT;
    const noBox = testboxes?.length === 0 ? [`add a testbox to ${config.inventoryFile}`] : [];
    return todoOr(`${testboxes?.length} boxes in ${config.inventoryFile}`, [...inventoryProblems, ...noBox]);
  },
};
