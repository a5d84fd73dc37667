import { describe, expect, it } from 'vitest';
import { type AccessRules, approversOn, type RoleMembers } from '../../src/domain/access.ts';
import { rules } from '../fakes/people.ts';

const nobody: RoleMembers = { people: [], users: [], groups: [] };

function approvedBy(approver: Partial<RoleMembers>): AccessRules {
  const members = { ...nobody, ...approver };
  return rules({ roles: { viewer: nobody, operator: nobody, approver: members } });
}

const slack = { platform: 'slack', team: 'T1' } as const;

describe('whom to call for an approval', () => {
  it('is everybody who may give it on the platform, each once, people before groups', () => {
    const called = approversOn(
      'slack',
      approvedBy({
        groups: [
          { ...slack, group: 'S1' },
          { ...slack, group: 'S1' },
        ],
        users: [
          { ...slack, user: 'U1' },
          { ...slack, user: 'U1' },
        ],
      }),
    );

    expect(called).toEqual([
      { platform: 'slack', user: 'U1' },
      { platform: 'slack', group: 'S1' },
    ]);
  });

  it('leaves out who is known on another platform only', () => {
    const approver = { people: ['bob'], groups: [{ platform: 'discord', team: 'G1', group: 'R1' }] } as const;

    expect(approversOn('slack', approvedBy(approver))).toEqual([]);
    expect(approversOn('console', approvedBy(approver))).toEqual([{ platform: 'console', user: 'bob' }]);
  });
});
