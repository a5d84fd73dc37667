import { type Check, todoOr } from '../check.ts';
import { cureOf, lookingIntoGuild } from './look.ts';

export const discordCommands: Check = {
  name: 'discord commands',
  run: lookingIntoGuild(({ guild: { commands, name } }) => {
    switch (commands.kind) {
      case 'up-to-date':
        return { kind: 'ok', detail: `/testbox is registered in ${name}` };
      case 'outdated':
        return todoOr('', [
          `run \`testbox discord register\`, or start the bot: ${name} does not know /testbox as it is now`,
        ]);
      case 'not-let':
        return todoOr('', [commands.why]);
      default:
        return todoOr('', [cureOf(commands, 'the commands')]);
    }
  }),
};
