import { z } from 'zod';

/** A channel by its id: names change, and two workspaces have channels of one name. */
export const SlackChannel = z
  .string('a channel id')
  .regex(
    /^[CG][A-Z0-9]+$/,
    "a channel id such as C0123ABCD (in Slack, click the channel's name: the id is at the end of About)",
  );

/** Of `@slack/web-api`: the methods' names are put behind it. */
export const SlackApiUrl = z.url({
  protocol: /^https?$/,
  error: 'a URL that starts with http:// or https://, such as https://slack-gov.com/api/',
});

export const SlackBotToken = token('xoxb-', "the app's bot token, which starts with xoxb-");
export const SlackAppToken = token('xapp-', 'an app-level token, which starts with xapp-');

/** What else begins like a token of Slack, and what to do with it. */
const OTHER_TOKENS: readonly { prefix: string; got: string }[] = [
  { prefix: 'xoxb-', got: 'a bot token (xoxb-…): that is for SLACK_BOT_TOKEN' },
  { prefix: 'xapp-', got: 'an app-level token (xapp-…): that is for SLACK_APP_TOKEN' },
  { prefix: 'xoxp-', got: 'a user token (xoxp-…): the bot token is beside it, under OAuth & Permissions' },
  { prefix: 'xoxe', got: 'a token that expires (xoxe…): create the app without token rotation' },
];

function token(prefix: string, expected: string) {
  return z.string().superRefine((value, context) => {
    if (value.startsWith(prefix) && /^[!-~]+$/.test(value)) return;
    const other = OTHER_TOKENS.find((known) => known.prefix !== prefix && value.startsWith(known.prefix));
    context.addIssue({
      code: 'custom',
      message: expected,
      ...(other === undefined ? {} : { params: { got: other.got } }),
    });
  });
}
