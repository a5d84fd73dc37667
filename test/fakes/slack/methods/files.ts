import { z } from 'zod';
import { BOT_USER } from '../directory.ts';
import { TIER } from '../rate-limits.ts';
import { Refusal, refusalWith } from '../refusal.ts';
import { threadFor } from '../threads.ts';
import { writableConversation } from './conversation-rules.ts';
import { type Call, type Method, scope } from './method.ts';

const fileList = z.array(z.strictObject({ id: z.string(), title: z.string().optional() })).min(1);

export const FILE_METHODS: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': {
    ...{ token: 'bot', perMinute: TIER.four, scopes: scope('files:write'), run: announce },
  },
  'files.completeUploadExternal': {
    ...{ token: 'bot', perMinute: TIER.four, scopes: scope('files:write'), run: complete },
  },
};

function announce({ args, world }: Call): Record<string, unknown> {
  const name = args.required('filename');
  const length = args.integer('length');
  if (length === null || length === 0)
    throw refusalWith('invalid_arguments', ['must be more than 0: length']);
  const { id, key } = world.uploads.announce(name, length);
  return { upload_url: `http://${world.host}/upload/${key}`, file_id: id };
}

/** Shares the files as one message; without a channel they stay with the bot. */
function complete({ args, world }: Call): Record<string, unknown> {
  const wanted = fileList.safeParse(args.json('files', 'invalid_arguments'));
  if (!wanted.success) throw refusalWith('invalid_arguments', ['must be an array of files: files']);
  const channel = args.text('channel_id');
  const conversation = channel === null ? null : writableConversation(world, channel);
  const threadTs = conversation === null ? null : threadFor(world, conversation.id, args.text('thread_ts'));
  const text = args.text('initial_comment') ?? '';
  if (text.length > 4000) throw new Refusal('msg_too_long');
  const files = wanted.data.map(({ id }) => world.uploads.take(id));
  if (conversation !== null) {
    world.messages.add({ channel: conversation.id, user: BOT_USER, text, threadTs, files });
  }
  return { files: files.map(({ id, name }) => ({ id, name, title: name })) };
}
