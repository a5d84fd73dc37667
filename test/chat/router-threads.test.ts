import { beforeEach, describe, expect, it } from 'vitest';
import { JobId } from '../../src/contract/ids.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';

const THREAD = 'message-7';
const OTHER_JOB = JobId.parse('22222222');

let lab: Conversation;

beforeEach(async () => {
  lab = await converse();
});

function stateOf(id: JobId) {
  return lab.app.store.job(id).then((job) => job?.state);
}

async function typed(text: string): Promise<string> {
  return (await lab.say(text, { thread: THREAD })).text();
}

describe('in the thread of a job at work', () => {
  let id: JobId;

  beforeEach(async () => {
    ({ id } = await lab.put({ state: 'booting' }));
    await lab.app.refs.save(id, 'card', THREAD);
  });

  it.each([
    ['status', 'restore pluto: booting the maintenance system'],
    ['info', 'SSH root@127.40.41.42:22'],
    ['images', 'pluto has no image yet'],
    ['history', 'pluto has had no jobs yet'],
    ['backup', 'pluto is busy: restore, asked by Alice'],
    ['retry', 'Not possible: the job is booting'],
    ['release', 'Not possible: the job is booting'],
    ['lock', 'pluto is locked for you'],
    ['unlock', 'pluto was not locked'],
  ])('%j needs no box', async (text, expected) => {
    expect(await typed(text)).toContain(expected);
  });

  it.each([
    ['help', 'What you can ask for:'],
    ['', 'What you can ask for:'],
    ['help restore', "`restore <box>` write a box's image back"],
    ['list', '1 box'],
    ['whoami', 'You are alice.'],
  ])('%j is what it is elsewhere', async (text, expected) => {
    expect(await typed(text)).toContain(expected);
  });

  it('cancel cancels it', async () => {
    await typed('cancel');

    expect(await stateOf(id)).toBe('cancelling');
  });

  it('another box can be named', async () => {
    expect(await typed('cancel venus')).toContain('no box `venus`');
    expect(await stateOf(id)).toBe('booting');
  });

  it('cancel works when the box has left the inventory meanwhile', async () => {
    lab.app.inventory = { ...lab.app.inventory, testboxes: () => [] };

    await typed('cancel');

    expect(await stateOf(id)).toBe('cancelling');
  });

  it('people without rights are refused as everywhere', async () => {
    const { seen } = await lab.say('cancel', { thread: THREAD, who: 'mallory' });

    expect(seen[0]?.text).toContain('You may not do this');
    expect(await stateOf(id)).toBe('booting');
  });
});

describe('in the thread of a job that has ended', () => {
  let id: JobId;

  beforeEach(async () => {
    ({ id } = await lab.put({ state: 'succeeded' }));
    await lab.app.refs.save(id, 'card', THREAD);
  });

  it.each([
    ['status', 'pluto 10.40.41.42: free'],
    ['cancel', 'Not possible: the job is succeeded since 2026-11-22 17:00 UTC'],
    ['retry', 'Not possible: the job is succeeded'],
    ['backup', 'Plan: backup pluto'],
  ])('%j is about its box or itself', async (text, expected) => {
    expect(await typed(text)).toContain(expected);
  });

  it('status is about what the box does now', async () => {
    await lab.put({ id: OTHER_JOB, state: 'running' });

    expect(await typed('status')).toContain('restore pluto: the maintenance system is up');
  });

  it('cancel never takes a later job of the box, unless the box is named', async () => {
    await lab.put({ id: OTHER_JOB, state: 'booting' });

    expect(await typed('cancel')).toContain('Not possible');
    expect(await stateOf(OTHER_JOB)).toBe('booting');
    expect(await typed('cancel pluto')).toContain('Done: restore pluto is cancelling now.');
    expect(await stateOf(OTHER_JOB)).toBe('cancelling');
  });
});

describe("in a thread that is no job's", () => {
  it('a box has to be named', async () => {
    expect(await typed('cancel')).toContain('`cancel` needs a box');
    expect(await typed('status')).toContain('No box is busy');
  });
});
