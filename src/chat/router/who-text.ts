import type { App } from '../../app/app.ts';
import { identify, rolesOf } from '../../domain/access.ts';
import type { ChatPerson } from '../../domain/person.ts';

/** Who the bot takes a person for: the key, and the ids that the inventory names people by. */
export function whoText(app: App, person: ChatPerson): { text: string; lines: readonly string[] } {
  const rules = app.inventory.access();
  const held = [...rolesOf(person, rules)].join(', ') || 'none';
  return {
    text: `You are ${identify(person, rules).key}.`,
    lines: [`${person.platform}:${person.team}:${person.user}`, `roles: ${held}`],
  };
}
