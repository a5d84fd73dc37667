import { type AccessRules, DEFAULT_POLICY, type RoleMembers } from '../../src/domain/access.ts';
import type { ChatPerson, Person } from '../../src/domain/person.ts';

/** alice is an operator, bob and carol are approvers, mallory is nobody. */
export function person(name: string, changes: Partial<ChatPerson> = {}): ChatPerson {
  const displayName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return {
    platform: 'console',
    team: 'console',
    user: name,
    displayName,
    kind: 'member',
    groups: [],
    ...changes,
  };
}

export function stored(name: string): Person {
  const { platform, team, user, displayName } = person(name);
  return { key: name, platform, team, user, displayName };
}

const nobody: RoleMembers = { people: [], users: [], groups: [] };

export function rules(changes: Partial<AccessRules> = {}): AccessRules {
  const known = ['alice', 'bob', 'carol', 'mallory'];
  return {
    people: new Map(known.map((name) => [name, [{ platform: 'console', team: 'console', user: name }]])),
    roles: {
      viewer: nobody,
      operator: { ...nobody, people: ['alice'] },
      approver: { ...nobody, people: ['bob', 'carol'] },
    },
    policy: DEFAULT_POLICY,
    ...changes,
  };
}
