import { describe, expect, it } from 'vitest';
import { message as compose } from '../../src/chat/message.ts';
import {
  type ChatMessage,
  type ChatPlatform,
  ChatUnavailableError,
  type Inbound,
  type InboundCommand,
  type InboundPress,
  MessageGoneError,
} from '../../src/chat/platform.ts';

/** The people's side of a platform, as the suite needs it. */
export interface ChatHarness {
  platform: ChatPlatform;
  /** Where cards go and lines are typed. */
  channel: string;
  /** The id by which the platform names this person; the suite calls them alice, bob and mallory. */
  idOf(user: string): string;
  /** Texts of the messages that this person can see now, oldest first, threads included. */
  shown(user: string): Promise<readonly string[]>;
  /** Texts of what everybody sees in the channel itself, without opening a thread. */
  shownInChannel(): Promise<readonly string[]>;
  /** Files that are attached anywhere. */
  files(): Promise<readonly { name: string; content: string }[]>;
  say(user: string, text: string): Promise<void>;
  /** Presses the button on the newest message this person sees it on. */
  press(user: string, button: string): Promise<void>;
  /** Loses the connection; what people do meanwhile is kept by the platform. */
  disconnect(): Promise<void>;
  reconnect(): Promise<void>;
  /** A message that was never posted, or is gone. */
  goneRef: string;
}

export function message(text: string, more: Partial<ChatMessage> = {}): ChatMessage {
  return compose({ text, ...more });
}

export function button(id: string, value = '7k3m9q2x'): ChatMessage['buttons'][number] {
  return { id, value, label: id, style: 'plain' };
}

/** What every platform must do. `open` gives a fresh one whose end the harness sees to. */
export function chatPlatformContract(name: string, open: () => Promise<ChatHarness>): void {
  describe(`${name} as a chat platform`, () => {
    it('posts a message that everybody sees, and edits it in place', async () => {
      const { platform, channel, shown } = await started(await open());

      const ref = await platform.post({ channel, nonce: 'n1' }, message('backing up'));
      const before = await shown('bob');
      await platform.edit(ref, message('backed up'));

      expect(before).toEqual(['backing up']);
      expect(await shown('alice')).toEqual(['backed up']);
    });

    it('posts once per nonce', async () => {
      const { platform, channel, shown } = await started(await open());

      const first = await platform.post({ channel, nonce: 'n1' }, message('card'));
      const second = await platform.post({ channel, nonce: 'n1' }, message('card'));
      await platform.post({ channel, nonce: 'n2' }, message('another'));

      expect(second).toBe(first);
      expect(await shown('alice')).toEqual(['card', 'another']);
    });

    it('posts into a thread once per nonce', async () => {
      const { platform, channel, shown } = await started(await open());
      const card = await platform.post({ channel, nonce: 'n1' }, message('card'));

      const first = await platform.postInThread({ card, nonce: 't1', broadcast: false }, message('approved'));
      const second = await platform.postInThread(
        { card, nonce: 't1', broadcast: false },
        message('approved'),
      );

      expect(second).toBe(first);
      expect(await shown('bob')).toEqual(['card', 'approved']);
    });

    it('shows a thread message in the channel only when it is broadcast', async () => {
      const { platform, channel, shownInChannel } = await started(await open());
      const card = await platform.post({ channel, nonce: 'n1' }, message('card'));

      await platform.postInThread({ card, nonce: 't1', broadcast: false }, message('approved'));
      await platform.postInThread({ card, nonce: 't2', broadcast: true }, message('failed'));

      expect(await shownInChannel()).toEqual(['card', 'failed']);
    });

    it('attaches a text file to a thread message, once', async () => {
      const { platform, channel, files, shown } = await started(await open());
      const attachment = { name: 'agent.log', content: 'disk 0\n<!channel> & all\n' };
      const card = await platform.post({ channel, nonce: 'n1' }, message('card'));
      const post = () =>
        platform.postInThread({ card, nonce: 't1', broadcast: false }, message('failed', { attachment }));

      const both = await Promise.all([post(), post()]);
      const later = await post();

      expect(new Set([...both, later]).size).toBe(1);
      expect(await files()).toEqual([attachment]);
      expect(await shown('bob')).toEqual(['card', 'failed']);
    });

    it('takes the same edit again, and the one before it', async () => {
      const { platform, channel, shown } = await started(await open());
      const ref = await platform.post({ channel, nonce: 'n1' }, message('one'));

      for (const text of ['two', 'two', 'one', 'three']) await platform.edit(ref, message(text));

      expect(await shown('alice')).toEqual(['three']);
    });

    it('shows progress on a posted card', async () => {
      const { platform, channel, shown } = await started(await open());
      const card = await platform.post({ channel, nonce: 'n1' }, message('0 %'));

      await platform.showProgress(card, message('50 %'));

      expect(await shown('bob')).toEqual(['50 %']);
    });

    it('tells one person something, once per nonce', async () => {
      const { platform, idOf, shown } = await started(await open());
      const to = { user: idOf('alice'), nonce: 'p1' };

      await platform.tellPerson(to, message('your approval is asked for'));
      await platform.tellPerson(to, message('your approval is asked for'));

      expect(await shown('alice')).toEqual(['your approval is asked for']);
      expect(await shown('bob')).toEqual([]);
    });

    it('gives turns for posts and edits, and some for progress', async () => {
      const { platform, channel } = await started(await open());

      await platform.turn({ kind: 'post', channel, urgency: 'stage' });
      await platform.turn({ kind: 'edit', channel, urgency: 'people' });

      expect(platform.progressTurn(channel)).toBe(true);
      expect(platform.progressIntervalMs).toBeGreaterThan(0);
    });

    it('says that a message is gone', async () => {
      const { platform, goneRef } = await started(await open());
      const thread = { card: goneRef, nonce: 't1', broadcast: false };

      await expect(platform.edit(goneRef, message('late'))).rejects.toThrow(MessageGoneError);
      await expect(platform.postInThread(thread, message('late'))).rejects.toThrow(MessageGoneError);
    });

    it('passes on who typed what, and answers only that person', async () => {
      const harness = await open();
      const heard = ear();
      await harness.platform.start(heard.inbound);

      await harness.say('alice', 'backup pluto');
      const command = await heard.nextCommand();
      await command.answers.answer(message('the plan'));

      expect(command).toMatchObject({ text: 'backup pluto', channel: harness.channel, thread: null });
      expect(command.person).toMatchObject({
        platform: harness.platform.name,
        user: harness.idOf('alice'),
        kind: 'member',
      });
      expect(await harness.shown('alice')).toEqual(['the plan']);
      expect(await harness.shown('bob')).toEqual([]);
    });

    it('passes on presses and replaces the private message, then removes it', async () => {
      const harness = await open();
      const heard = ear();
      await harness.platform.start(heard.inbound);
      await harness.say('alice', 'backup pluto');
      const command = await heard.nextCommand();
      await command.answers.answer(message('the plan', { buttons: [button('confirm')] }));

      await harness.press('alice', 'confirm');
      const press = await heard.nextPress();
      await press.answers.replace(message('sure?', { buttons: [button('dismiss')] }));
      const replaced = await harness.shown('alice');
      await harness.press('alice', 'dismiss');
      await (await heard.nextPress()).answers.replace(null);

      expect(press).toMatchObject({ button: { id: 'confirm', value: '7k3m9q2x' }, input: null });
      expect(press.person.user).toBe(harness.idOf('alice'));
      expect(replaced).toEqual(['sure?']);
      expect(await harness.shown('alice')).toEqual([]);
    });

    it('answers a press on a public card privately, leaving the card', async () => {
      const harness = await open();
      const heard = ear();
      await harness.platform.start(heard.inbound);
      const { channel } = harness;
      await harness.platform.post(
        { channel, nonce: 'n1' },
        message('card', { buttons: [button('approve')] }),
      );

      await harness.press('mallory', 'approve');
      await (await heard.nextPress()).answers.answer(message('you may not'));

      expect(await harness.shown('mallory')).toEqual(['card', 'you may not']);
      expect(await harness.shown('alice')).toEqual(['card']);
    });

    it('is unavailable while disconnected, and comes back by itself', async () => {
      const harness = await open();
      const heard = ear();
      await harness.platform.start(heard.inbound);
      const { platform, channel } = harness;

      await harness.disconnect();
      const whileAway = platform.post({ channel, nonce: 'n1' }, message('card'));
      await expect(whileAway).rejects.toThrow(ChatUnavailableError);
      await harness.say('alice', 'status');
      await harness.reconnect();
      const command = await heard.nextCommand();
      await platform.post({ channel, nonce: 'n1' }, message('card'));

      expect(command.text).toBe('status');
      expect(await harness.shown('bob')).toEqual(['card']);
    });
  });
}

async function started(harness: ChatHarness): Promise<ChatHarness> {
  await harness.platform.start(ear().inbound);
  return harness;
}

/** An app that lets the test answer what it hears. */
export function ear(): {
  inbound: Inbound;
  nextCommand(): Promise<InboundCommand>;
  nextPress(): Promise<InboundPress>;
} {
  const commands = queue<InboundCommand>();
  const presses = queue<InboundPress>();
  return {
    inbound: {
      command: async (command) => commands.put(command),
      press: async (press) => presses.put(press),
      objection: async () => null,
      question: async () => null,
      suggestBoxes: async () => [],
      form: async () => ({ box: null, actions: [] }),
      home: async () => ({ at: 0, sections: [] }),
    },
    nextCommand: commands.take,
    nextPress: presses.take,
  };
}

function queue<T>(): { put(item: T): void; take(): Promise<T> } {
  const items: T[] = [];
  const takers: ((item: T) => void)[] = [];
  return {
    put: (item) => {
      const taker = takers.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    take: () => {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(item);
    },
  };
}
