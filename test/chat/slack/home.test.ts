import { describe, expect, it } from 'vitest';
import { words } from '../../../src/chat/message.ts';
import type { HomePage } from '../../../src/chat/platform.ts';
import { ALICE, MALLORY } from '../../fakes/slack/workspace.ts';
import { type Hearing, HOME, hearing, sight } from './hearing.ts';

const PLUTO = { name: 'pluto', label: 'pluto 10.40.41.42: free' };

describe('the Home tab', () => {
  it("shows the person's page when it is opened", async () => {
    const asked: string[] = [];
    const home = async ({ user }: { user: string }) => {
      asked.push(user);
      return HOME;
    };
    const scene = await hearing({ inbound: { home } });

    await scene.slack.as(ALICE).openHome().acknowledged;

    await expect.poll(() => homeText(scene, ALICE)).toContain('pluto: free');
    expect(asked).toEqual([ALICE]);
  });

  it('shows how things stand now when it is refreshed', async () => {
    let state = 'free';
    const scene = await hearing({ inbound: { home: async () => pageSaying(`pluto: ${state}`) } });
    await openedHome(scene, 'pluto: free');

    state = 'restore, running';
    scene.slack.as(ALICE).press('home', 'refresh-home');

    await expect.poll(() => homeText(scene, ALICE)).toContain('pluto: restore, running');
    expect(scene.heard()).toBe(0);
  });

  it('never shows an older page over a newer one', async () => {
    const first = Promise.withResolvers<HomePage>();
    const pages = [first.promise, Promise.resolve(pageSaying('newer'))];
    let reads = 0;
    const home = () => {
      reads += 1;
      return pages[reads - 1] ?? expect.fail('the page was read too often');
    };
    const scene = await hearing({ inbound: { home } });

    scene.slack.as(ALICE).openHome();
    await expect.poll(() => reads).toBe(1);
    await scene.slack.as(ALICE).openHome().acknowledged;
    first.resolve(pageSaying('older'));

    await expect.poll(() => homeText(scene, ALICE)).toContain('newer');
    expect(publications(scene)).toBe(2);
  });

  it('shows again when a page could not be read or published', async () => {
    const scene = await hearing();
    scene.slack.failNext('views.publish', 'internal_error');

    await scene.slack.as(ALICE).openHome().acknowledged;
    await expect.poll(() => scene.log.some(({ level }) => level === 'error')).toBe(true);
    scene.slack.as(ALICE).openHome();

    await expect.poll(() => homeText(scene, ALICE)).toContain('pluto: free');
    expect(scene.shown(ALICE)).toEqual([]);
  });

  it('does not wait for ever for a page that never comes', async () => {
    const late = Promise.withResolvers<HomePage>();
    let reads = 0;
    const home = () => {
      reads += 1;
      return reads === 1 ? late.promise : Promise.resolve(HOME);
    };
    const scene = await hearing({ inbound: { home } });
    scene.slack.as(ALICE).openHome();
    await expect.poll(() => reads).toBe(1);

    scene.clock.advance(30_000);
    scene.slack.as(ALICE).openHome();
    await expect.poll(() => homeText(scene, ALICE)).toContain('pluto: free');
    late.resolve(pageSaying('older'));
    await scene.slack.as(ALICE).openHome().acknowledged;
    await expect.poll(() => publications(scene)).toBe(2);

    expect(reads).toBe(3);
    expect(homeText(scene, ALICE)).toContain('pluto: free');
  });

  it('says why to somebody who is refused', async () => {
    const scene = await hearing();
    scene.slack.setUser(MALLORY, { team: 'T2' });

    scene.slack.as(MALLORY).openHome();

    await expect.poll(() => homeText(scene, MALLORY)).toContain('You are in another workspace');
    expect(homeText(scene, MALLORY)).not.toContain('pluto');
  });

  it('says why to somebody who is refused later, in place of what they saw', async () => {
    const scene = await hearing();
    await openedHome(scene, 'pluto: free');

    scene.clock.advance(60_000);
    scene.slack.setUser(ALICE, { team: 'T2' });
    scene.slack.as(ALICE).press('home', 'refresh-home');

    await expect.poll(() => homeText(scene, ALICE)).toContain('You are in another workspace');
    expect(homeText(scene, ALICE)).not.toContain('pluto');
    expect(scene.shown(ALICE)).toEqual([]);
  });

  it('opens the form, whose answer comes as a direct message', async () => {
    const scene = await hearing({ inbound: { suggestBoxes: async () => [PLUTO] } });
    const alice = scene.slack.as(ALICE);
    await openedHome(scene, 'pluto: free');

    alice.press('home', 'open-form');
    await expect.poll(() => alice.dialog()).toMatchObject({ callback_id: 'request-form' });
    await alice.suggest('box', '');
    alice.submit({ box: 'pluto', action: 'backup' });
    const command = await scene.nextCommand();
    await command.answers.answer(words('the plan'));

    expect(command).toMatchObject({ text: 'backup pluto', channel: ALICE, thread: null });
    expect(alice.sees()).toMatchObject([{ channel: 'DALICE', text: 'the plan', ephemeral: false }]);
    await expect.poll(() => publications(scene)).toBe(2);
  });
});

describe('a button on the Home tab', () => {
  it('is answered by a direct message, and the page is shown anew', async () => {
    const scene = await hearing();
    await openedHome(scene, 'pluto: free');

    await pressedOnHome(scene, 'cancel');
    const press = await scene.nextPress();
    await press.answers.answer(words('too late'));
    await press.answers.replace(null);

    expect(press).toMatchObject({ button: { id: 'cancel', value: '7k3m9q2x' }, channel: ALICE });
    expect(await sight(scene, ALICE, 'too late')).toMatchObject({ channel: 'DALICE', ephemeral: false });
    await expect.poll(() => homeText(scene, ALICE)).toContain('pluto: free');
  });

  it('takes a reason too', async () => {
    const scene = await hearing();
    const alice = scene.slack.as(ALICE);
    await openedHome(scene, 'pluto: free');

    await pressedOnHome(scene, 'deny');
    await expect.poll(() => alice.dialog()).toMatchObject({ callback_id: 'reason-form' });
    alice.submit({ reason: 'no' });

    expect(await scene.nextPress()).toMatchObject({ button: { id: 'deny' }, input: 'no', channel: ALICE });
    await expect.poll(() => homeText(scene, ALICE)).toContain('pluto: free');
  });
});

function pageSaying(text: string): HomePage {
  return { at: 0, sections: [{ title: 'The fleet', empty: '', entries: [{ text, card: null }] }] };
}

async function openedHome(scene: Hearing, text: string): Promise<void> {
  scene.slack.as(ALICE).openHome();
  await expect.poll(() => homeText(scene, ALICE)).toContain(text);
}

function homeText({ slack }: Hearing, user: string): string {
  return JSON.stringify(slack.as(user).home()?.blocks ?? []);
}

function publications({ slack }: Hearing): number {
  return slack.calls().filter(({ method, outcome }) => method === 'views.publish' && outcome === 'ok').length;
}

/** Replaces the Home tab by one with this button: pages have no buttons of jobs yet. */
async function pressedOnHome(scene: Hearing, id: string): Promise<void> {
  await scene.bolt.client.views.publish({
    user_id: ALICE,
    view: {
      type: 'home',
      blocks: [
        {
          type: 'actions',
          elements: [
            { type: 'button', action_id: id, value: '7k3m9q2x', text: { type: 'plain_text', text: id } },
          ],
        },
      ],
    },
  });
  scene.slack.as(ALICE).press('home', id);
}
