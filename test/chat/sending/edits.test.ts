import { describe, expect, it } from 'vitest';
import { EditOrder } from '../../../src/chat/sending/edits.ts';

const REF = 'C1:1.1';

describe('edits of one message', () => {
  it('go out one after the other', async () => {
    const edits = new EditOrder();
    const gate = Promise.withResolvers<void>();
    const sent: string[] = [];
    const send = (text: string, until?: Promise<void>) =>
      edits.run(REF, { text }, async () => {
        sent.push(text);
        await until;
      });

    const first = send('a', gate.promise);
    const second = send('b');
    await edits.run('C1:2.2', { text: 'other' }, async () => void sent.push('other'));
    const before = [...sent];
    gate.resolve();
    await Promise.all([first, second]);

    expect(before).toEqual(['a', 'other']);
    expect(sent).toEqual(['a', 'other', 'b']);
  });

  it('go on after one that failed, which is sent again when it is asked for again', async () => {
    const edits = new EditOrder();
    const sent: string[] = [];
    const send = (text: string, fail = false) =>
      edits.run(REF, { text }, async () => {
        sent.push(text);
        if (fail) throw new Error('lost');
      });
    await send('a');

    const lost = send('b', true);
    const next = send('a');
    await expect(lost).rejects.toThrow('lost');
    await next;

    // The first edit may have had its effect: the old text is not known to be there any more.
    expect(sent).toEqual(['a', 'b', 'a']);
  });

  it('are remembered for the newest thousand messages', async () => {
    const edits = new EditOrder();
    const sent: string[] = [];
    const send = (ref: string) => edits.run(ref, {}, async () => void sent.push(ref));
    for (let at = 0; at <= 1_000; at += 1) edits.remember(`C1:${at}.0`, {});

    for (const ref of ['C1:0.0', 'C1:2.0', 'C1:1000.0']) await send(ref);

    expect(sent).toEqual(['C1:0.0']);
  });
});
