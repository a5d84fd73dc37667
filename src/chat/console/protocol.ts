import { z } from 'zod';
import type { ChatMessage } from '../platform.ts';

const Platform = z.enum(['console', 'slack', 'discord']);

/** The chat's messages over the socket: one JSON object a line, both ways. */
const Message: z.ZodType<ChatMessage> = z.object({
  text: z.string(),
  title: z.string().nullable(),
  lines: z.array(z.string()),
  bars: z.array(z.object({ label: z.string(), fraction: z.number(), note: z.string() })),
  footer: z.string().nullable(),
  buttons: z.array(
    z.object({
      id: z.string(),
      value: z.string(),
      label: z.string(),
      style: z.enum(['plain', 'primary', 'danger']),
      asks: z.string().exactOptional(),
    }),
  ),
  mentions: z.array(
    z.union([
      z.object({ platform: Platform, user: z.string() }),
      z.object({ platform: Platform, group: z.string() }),
    ]),
  ),
  card: z.object({ channel: z.string(), ref: z.string().nullable() }).nullable(),
  attachment: z.object({ name: z.string(), content: z.string() }).nullable(),
});

/** What the bot's side asks of the chat server. Every one with an `id` gets an answer. */
export const ClientLine = z.discriminatedUnion('type', [
  /** First line of a connection; `session` is the bot process's own. */
  z.object({ type: z.literal('hello'), session: z.string() }),
  z.object({
    type: z.literal('post'),
    id: z.int(),
    channel: z.string(),
    nonce: z.string(),
    message: Message,
  }),
  z.object({
    type: z.literal('post-in-thread'),
    id: z.int(),
    card: z.string(),
    nonce: z.string(),
    broadcast: z.boolean(),
    message: Message,
  }),
  z.object({ type: z.literal('edit'), id: z.int(), ref: z.string(), message: Message }),
  /** A message in the channel that only this person sees. */
  z.object({
    type: z.literal('tell-person'),
    id: z.int(),
    user: z.string(),
    nonce: z.string(),
    message: Message,
  }),
  /** A message that only the person of this input sees. */
  z.object({ type: z.literal('answer'), id: z.int(), input: z.string(), message: Message }),
  z.object({ type: z.literal('replace'), id: z.int(), input: z.string(), message: Message.nullable() }),
  /** The input has been dealt with: it isn't delivered again. */
  z.object({ type: z.literal('handled'), input: z.string() }),
]);
export type ClientLine = z.infer<typeof ClientLine>;

/** What a person did. Delivered until it is `handled`. */
export const RoomInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('command'),
    id: z.string(),
    user: z.string(),
    channel: z.string(),
    text: z.string(),
    thread: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('press'),
    id: z.string(),
    user: z.string(),
    channel: z.string(),
    /** The message whose button it is. */
    ref: z.string(),
    button: z.object({ id: z.string(), value: z.string() }),
    input: z.string().nullable(),
  }),
]);
export type RoomInput = z.infer<typeof RoomInput>;

export const ServerLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), id: z.int(), ref: z.string() }),
  z.object({ type: z.literal('gone'), id: z.int(), why: z.string() }),
  z.object({ type: z.literal('input'), input: RoomInput }),
]);
export type ServerLine = z.infer<typeof ServerLine>;
