import { beforeEach, describe, expect, it } from 'vitest';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { person } from '../fakes/people.ts';

let lab: Conversation;

beforeEach(async () => {
  lab = await converse();
});

describe('what is asked before a click', () => {
  it('is what the card says, in words that know the job', async () => {
    const job = await lab.put({ state: 'stopped', dirty: ['sda'] });

    expect(await ask('boot-local', job.id)).toContain('boots with a half-written disk (sda)');
  });

  it('changes with the job: what the card showed before does not count', async () => {
    const job = await lab.put({ state: 'stopped', dirty: [] });

    expect(await ask('boot-local', job.id)).toContain('boots its own disk');
  });

  it.each([
    ['retry', 'a button that asks nothing'],
    ['power-cycle', 'a button that the card has no more'],
  ])('is nothing for %s, %s', async (button) => {
    const job = await lab.put({ state: 'stopped' });

    expect(await ask(button, job.id)).toBeNull();
  });

  it.each(['00000000', 'pluto', ''])('is nothing for %j, which is no job', async (value) => {
    expect(await ask('boot-local', value)).toBeNull();
  });

  it('is nothing when it can not be found out', async () => {
    const job = await lab.put({ state: 'stopped' });
    await lab.app.db.destroy();

    expect(await ask('boot-local', job.id)).toBeNull();
  });
});

function ask(id: string, value: string): Promise<string | null> {
  return lab.router.question({ person: person('alice'), button: { id, value } });
}
