import { BOT_SCOPES } from '../../../chat/slack/scopes.ts';
import { type Check, todoOr } from '../check.ts';
import { lookingAsBot } from './look.ts';

/** Scopes that the app has beyond these don't matter. */
export const slackScopes: Check = {
  name: 'slack scopes',
  run: lookingAsBot(({ scopes }) => {
    if (scopes === null) return { kind: 'skipped', why: 'the answer of Slack names no scopes' };
    const wanted = Object.entries(BOT_SCOPES);
    const missing = wanted.filter(([scope]) => !scopes.includes(scope));
    const add = missing.map(([scope, reason]) => `add the scope ${scope} to the app, so that ${reason}`);
    const install =
      missing.length === 0
        ? []
        : ['then install the app again (OAuth & Permissions, Reinstall): new scopes count only after that'];
    return todoOr(`all ${wanted.length} are granted`, [...add, ...install]);
  }),
};
