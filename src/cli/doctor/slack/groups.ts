import type { GroupFinding } from '../../../chat/slack/inspect.ts';
import { type Check, NEEDS_INVENTORY, todoOr } from '../check.ts';
import { cureOf, lookingAsBot, type ValidBot } from './look.ts';

/** User groups that hold roles. */
export const slackGroups: Check = {
  name: 'slack groups',
  run: lookingAsBot((bot, { findings: { groups } }, { access }) => {
    if (access === null) return NEEDS_INVENTORY;
    const sizes = groups.flatMap((found) =>
      found.kind === 'known' ? [`${found.group}: ${found.members} people`] : [],
    );
    const detail = sizes.length === 0 ? 'no role names one' : sizes.join(', ');
    return todoOr(
      detail,
      groups.flatMap((finding) => cure(finding, bot)),
    );
  }),
};

function cure(finding: GroupFinding, { teamName }: ValidBot): string[] {
  if (finding.kind === 'known') return [];
  const what = `the user group ${finding.group}`;
  if (finding.kind === 'refused' && finding.code === 'no_such_subteam') {
    return [`correct or remove ${what} under roles in the inventory: there is none in ${teamName}`];
  }
  return [cureOf(finding, what)];
}
