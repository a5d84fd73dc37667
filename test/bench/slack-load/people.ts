import { type AccessRules, DEFAULT_POLICY } from '../../../src/domain/access.ts';
import type { ChatPerson } from '../../../src/domain/person.ts';
import { ACME, ALICE } from '../../fakes/slack/workspace.ts';

const TEAM = ACME.team.id;

export const ALICE_ON_SLACK: ChatPerson = {
  platform: 'slack',
  team: TEAM,
  user: ALICE,
  displayName: 'Alice',
  kind: 'member',
  groups: [],
};

const nobody = { people: [], users: [], groups: [] };

/** alice works here; everybody else may do nothing, and is told so. */
export const RULES: AccessRules = {
  people: new Map([['alice', [{ platform: 'slack', team: TEAM, user: ALICE }]]]),
  roles: { viewer: nobody, operator: { ...nobody, people: ['alice'] }, approver: nobody },
  policy: DEFAULT_POLICY,
};
