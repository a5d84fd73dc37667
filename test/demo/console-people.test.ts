import { describe, expect, it } from 'vitest';
import { ChatRoom, type RoomMessage } from '../../src/chat/console/room.ts';
import { ButtonNumbers } from '../../src/cli/demo/button-numbers.ts';
import { consolePeople } from '../../src/cli/demo/console-people.ts';
import { TerminalView } from '../../src/cli/demo/terminal-view.ts';
import { button, message } from '../contracts/chat-platform.ts';

/** A room whose bot deals with everything at once, noting what it got. */
function quickRoom(): { room: ChatRoom; got: unknown[] } {
  const room = new ChatRoom();
  const got: unknown[] = [];
  room.on('input', (input) => {
    got.push(input.kind === 'command' ? input.text : [input.user, input.button, input.input]);
    room.handled(input.id);
  });
  return { room, got };
}

function post(room: ChatRoom, nonce: string, content: RoomMessage['message']): string {
  return room.post({ channel: 'lab', thread: null, broadcast: false, nonce }, content);
}

describe('people in front of the console', () => {
  it('may leave out /testbox', async () => {
    const { room, got } = quickRoom();
    const people = consolePeople(room);

    for (const line of ['/testbox backup pluto', 'backup pluto', '/testbox', '/testboxes'])
      await people.say('alice', line);

    expect(got).toEqual(['backup pluto', 'backup pluto', '', '/testboxes']);
  });

  it('press the newest button of the box they name', async () => {
    const { room, got } = quickRoom();
    post(room, '1', message('restore pluto', { buttons: [button('approve', 'old')] }));
    post(room, '2', message('restore pluto', { buttons: [button('approve', 'pluto')] }));
    post(room, '3', message('restore venus', { buttons: [button('approve', 'venus')] }));
    const people = consolePeople(room);

    await people.press('bob', { id: 'approve', box: 'pluto', input: null });
    await people.press('bob', { id: 'approve', box: null, input: 'fine' });

    expect(got).toEqual([
      ['bob', { id: 'approve', value: 'pluto' }, null],
      ['bob', { id: 'approve', value: 'venus' }, 'fine'],
    ]);
  });

  it('wait for a button that is about to come', async () => {
    const { room, got } = quickRoom();

    const pressed = consolePeople(room).press('alice', { id: 'confirm', box: null, input: null });
    post(room, '1', message('plan', { buttons: [button('confirm')] }));
    await pressed;

    expect(got).toHaveLength(1);
  });

  it('read what is new and theirs, edits included', async () => {
    const { room } = quickRoom();
    const people = consolePeople(room);
    const old = post(room, '1', message('old'));
    const mark = people.mark();
    room.on('input', (input) => void room.answer(input.id, message('for alice')));
    await people.say('alice', 'status');
    room.edit(old, message('edited'));

    expect(people.read('alice', mark)).toEqual(['for alice', 'edited']);
    expect(people.read('bob', mark)).toEqual(['edited']);
  });
});

describe('button numbers', () => {
  it('never lead to another button than the one that was shown', () => {
    const { room } = quickRoom();
    const numbers = new ButtonNumbers(room);
    const ref = post(room, '1', message('card', { buttons: [button('approve'), button('deny')] }));
    const approve = numbers.numberOf(ref, button('approve'));
    const deny = numbers.numberOf(ref, button('deny'));

    room.edit(ref, message('card', { buttons: [button('cancel')] }));

    expect([approve, deny, numbers.numberOf(ref, button('cancel'))]).toEqual([1, 2, 3]);
    expect(numbers.find(1)).toBeUndefined();
    expect(numbers.find(3)).toEqual({ ref, button: 'cancel', value: '7k3m9q2x' });
    expect(numbers.find(9)).toBeUndefined();
  });
});

describe('the terminal view', () => {
  function view(): { room: ChatRoom; view: TerminalView; printed: string[] } {
    const { room } = quickRoom();
    const terminal = new TerminalView(room, { numbers: new ButtonNumbers(room), colour: false });
    const printed: string[] = [];
    room.on('change', (change) => printed.push(...terminal.take(change)));
    return { room, view: terminal, printed };
  }

  it('draws cards with buttons in place and prints them when they are settled', () => {
    const { room, view: terminal, printed } = view();
    const ref = post(room, '1', message('card', { buttons: [button('cancel')] }));
    const drawn = terminal.region('alice', 20);
    room.edit(ref, message('done'));

    expect(drawn).toEqual(['card', '  [1] cancel', '']);
    expect(terminal.region('alice', 20)).toEqual([]);
    expect(printed).toEqual(['done', '']);
  });

  it('draws the newest two, and prints what moves up with its numbers', () => {
    const { room, view: terminal, printed } = view();
    for (const name of ['one', 'two', 'three']) post(room, name, message(name, { buttons: [button('go')] }));

    expect(printed).toEqual(['one', '  [1] go', '']);
    expect(terminal.region('alice', 20)).toEqual(['two', '  [2] go', '', 'three', '  [3] go', '']);
  });

  it('keeps a card in place to its end, and draws no more than fits', () => {
    const { room, view: terminal, printed } = view();
    const ref = post(room, '1', message('', { title: 'backup', buttons: [button('cancel')] }));
    room.edit(ref, message('', { title: 'backed up' }));
    post(room, '2', message('', { title: 'restore', lines: ['approve?'] }));

    expect(printed).toEqual([]);
    expect(terminal.region('alice', 20)).toEqual(['backed up', '', 'restore', '  approve?', '']);
    expect(terminal.region('alice', 4)).toEqual(['restore', '  approve?', '']);
    expect(terminal.region('alice', 1)).toEqual(['restore', '  approve?', '']);
  });

  it('shows a private message to its person alone', () => {
    const { room, view: terminal } = view();
    const input = room.say('alice', 'backup pluto', { channel: 'lab', thread: null });
    room.answer(input, message('plan', { buttons: [button('confirm')] }));

    expect(terminal.region('alice', 20)).toContain('plan');
    expect(terminal.region('bob', 20)).toEqual([]);
  });
});
