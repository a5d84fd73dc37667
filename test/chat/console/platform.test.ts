import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isVisibleTo } from '../../../src/chat/console/room.ts';
import { button, chatPlatformContract, ear, message } from '../../contracts/chat-platform.ts';
import { CHANNEL, consoleChat } from './console-fixture.ts';

const IN_CHANNEL = { channel: CHANNEL, thread: null };

chatPlatformContract('the console', async () => {
  const { room, connect, stopServer, startServer } = await consoleChat();
  const seenBy = (user: string) => room.messages().filter((entry) => isVisibleTo(entry, user));
  return {
    platform: connect(),
    channel: CHANNEL,
    idOf: (user) => user,
    shownInChannel: async () =>
      room
        .messages()
        .filter(({ onlyFor, thread, broadcast }) => onlyFor === null && (thread === null || broadcast))
        .map((entry) => entry.message.text),
    files: async () =>
      room.messages().flatMap(({ message }) => (message.attachment === null ? [] : [message.attachment])),
    shown: async (user) => seenBy(user).map((entry) => entry.message.text),
    say: async (user, text) => void room.say(user, text, IN_CHANNEL),
    press: async (user, id) => {
      const entry = seenBy(user).findLast(({ message }) => message.buttons.some((one) => one.id === id));
      expect(entry && room.press(user, { ref: entry.ref, button: id, input: null })).toBeDefined();
    },
    disconnect: stopServer,
    reconnect: startServer,
    goneRef: 'message-99',
  };
});

describe('the console chat when a bot dies', () => {
  it('delivers what it had not finished to the next one, without its half answers', async () => {
    const { room, connect } = await consoleChat();
    const first = connect();
    const firstEar = ear();
    const unfinished = new Promise<void>(() => undefined);
    await first.start({
      ...firstEar.inbound,
      command: (command) => firstEar.inbound.command(command).then(() => unfinished),
    });
    const input = room.say('alice', 'backup pluto', IN_CHANNEL);
    await (await firstEar.nextCommand()).answers.answer(message('half'));
    await first.stop();

    const second = connect();
    const secondEar = ear();
    await second.start(secondEar.inbound);
    const again = await secondEar.nextCommand();
    await again.answers.answer(message('whole'));

    expect(again.text).toBe('backup pluto');
    expect(room.messages().map(({ message: { text } }) => text)).toEqual(['whole']);
    if (room.isOpen(input)) await once(room, 'handled');
    expect(room.openInputs()).toEqual([]);
  });

  it('does not deliver what was handled', async () => {
    const { room, connect } = await consoleChat();
    const first = connect();
    await first.start(ear().inbound);
    const handled = once(room, 'handled');
    room.say('alice', 'one', IN_CHANNEL);
    await handled;
    await first.stop();

    const second = connect();
    const heard = ear();
    await second.start(heard.inbound);
    room.say('alice', 'two', IN_CHANNEL);

    expect((await heard.nextCommand()).text).toBe('two');
  });

  it('keeps answering when the app throws, and says so', async () => {
    const { room, connect } = await consoleChat();
    const errors: unknown[] = [];
    const platform = connect((error) => errors.push(error));
    await platform.start({ ...ear().inbound, command: () => Promise.reject(new Error('bug')) });

    const handled = once(room, 'handled');
    room.say('alice', 'status', IN_CHANNEL);
    await handled;

    expect(errors).toEqual([new Error('bug')]);
  });
});

describe('a press in the console chat', () => {
  it('needs a button that the person sees', async () => {
    const { room, connect } = await consoleChat();
    const platform = connect();
    const heard = ear();
    await platform.start(heard.inbound);
    room.say('alice', 'restore pluto', IN_CHANNEL);
    await (await heard.nextCommand()).answers.answer(message('plan', { buttons: [button('confirm')] }));
    const ref = room.messages()[0]?.ref ?? '';

    expect(room.press('bob', { ref, button: 'confirm', input: null })).toBeUndefined();
    expect(room.press('alice', { ref, button: 'approve', input: null })).toBeUndefined();
    expect(room.press('alice', { ref: 'message-99', button: 'confirm', input: null })).toBeUndefined();
    expect(room.press('alice', { ref, button: 'confirm', input: 'why' })).toBeDefined();
    expect(await heard.nextPress()).toMatchObject({ input: 'why' });
  });
});
