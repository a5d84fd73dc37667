import { z } from 'zod';

/** Of the server, which Discord's API calls a guild. */
export const DiscordGuild = id(
  "a guild id of 15 to 21 digits (in Discord, with Developer Mode on, right-click the server's name: Copy Server ID)",
);

export const DiscordChannel = id(
  'a channel id of 15 to 21 digits (in Discord, with Developer Mode on, right-click the channel: Copy Channel ID)',
);

/** The SDK puts the version and the routes behind it. */
export const DiscordApiUrl = z
  .url({
    protocol: /^https?$/,
    error: 'a URL that starts with http:// or https://, such as https://discord.com/api',
  })
  .refine(
    (url) => !/\/v\d+\/*$/.test(url),
    'a URL without the version at its end, such as https://discord.com/api',
  )
  .transform((url) => url.replace(/\/+$/, ''));

const BOT_TOKEN = /^[\w-]{2,}\.[\w-]{2,}\.[\w-]{2,}$/;
const WHERE = 'the bot token is on the page Bot, under Reset Token';

/** What else is copied from the Developer Portal, and what to do with it. */
const NO_TOKENS: readonly { pattern: RegExp; got: string }[] = [
  { pattern: /^Bot\s+\S+$/i, got: 'a value that begins with the word "Bot": leave that out' },
  { pattern: /^[0-9a-f]{64}$/i, got: `what looks like the app's public key: ${WHERE}` },
  { pattern: /^[0-9]{15,21}$/, got: `what looks like an id: ${WHERE}` },
  { pattern: /^[\w-]{32}$/, got: `what looks like the app's client secret: ${WHERE}` },
  { pattern: /^https?:/i, got: `a URL: ${WHERE}` },
];

export const DiscordToken = z.string().superRefine((value, context) => {
  if (BOT_TOKEN.test(value)) return;
  const other = NO_TOKENS.find(({ pattern }) => pattern.test(value));
  context.addIssue({
    code: 'custom',
    message: "the app's bot token, three parts with dots between them",
    ...(other === undefined ? {} : { params: { got: other.got } }),
  });
});

function id(expected: string) {
  return z.string(expected).regex(/^[0-9]{15,21}$/, expected);
}
