/** Scopes of the bot token, and what each is for. Without one of them Slack refuses some calls. */
export const BOT_SCOPES = {
  'app_mentions:read': 'the bot hears @testbox in threads, where Slack has no slash commands',
  'channels:history':
    'after a crash the bot finds its own post in a public channel again, instead of posting twice',
  'channels:read': 'the bot sees whether a public channel is archived and whether it is a member',
  'chat:write': 'the bot posts and edits cards, and answers people',
  commands: 'people can type /testbox',
  'files:write': 'the bot attaches the end of the log to a failure',
  'groups:history':
    'after a crash the bot finds its own post in a private channel again, instead of posting twice',
  'groups:read': 'the bot sees whether a private channel is archived and whether it is a member',
  'usergroups:read': 'roles of the inventory can name user groups',
  'users:read': 'the bot shows names, and tells members from guests and bots, who may not decide',
} as const satisfies Readonly<Record<string, string>>;

/** Scopes of the app-level token. */
export const APP_SCOPES = {
  'connections:write': 'the bot opens the connection over which Slack sends it what people do',
} as const satisfies Readonly<Record<string, string>>;
