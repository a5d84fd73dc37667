import { chmodSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { ALICE, BOB, LAB } from '../fakes/slack/workspace.ts';
import { publishImage } from '../storage/published-image.ts';
import { serveBot } from './served-bot.ts';

const INVENTORY = `testboxes: [{ name: pluto, ip: 10.40.41.42 }]
people: { bob: ["slack:T1:${BOB}"] }
roles: { approver: { people: [bob] } }`;
const TWO_DAYS_MS = 2 * 24 * 3_600_000;

it('tells damage that the nightly run finds in the channel of the box', async () => {
  const slack = await startFakeSlack();
  onTestFinished(() => slack.stop());
  const elsewhere = await mkdtemp(join(tmpdir(), 'testbox-clock-'));
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  const clock = join(elsewhere, 'clock');
  const bot = await serveBot(INVENTORY, {
    ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken },
    ...{ SLACK_API_URL: slack.apiUrl, SLACK_CHANNEL: LAB },
    ...{ TESTBOX_VERIFY_CRON: '@daily', TESTBOX_LAB_CLOCK_FILE: clock },
  });
  await bot.up();
  publishImage(bot.directory, { generation: 1, chunks: 0 });
  const { image } = publishImage(bot.directory, { generation: 2, chunks: 0 });
  chmodSync(image, 0o644);
  writeFileSync(image, 'X', { flag: 'r+' });
  const told = () =>
    slack
      .as(ALICE)
      .sees()
      .filter(({ text }) => text.includes('Damaged images'));

  writeFileSync(clock, String(TWO_DAYS_MS));
  await expect.poll(() => told().length).toBe(1);
  bot.stop();
  expect(await bot.exited).toBe(0);

  const [message] = told();
  expect(message?.ephemeral).toBe(false);
  expect(message?.text).toContain('generation 2 sda (current): chunk 0 of sda.raw.gz is damaged');
  expect(message?.text).toContain('/testbox restore pluto as-of:1');
  expect(message?.text).toContain(`<@${BOB}>`);
  expect(slack.breaches()).toEqual([]);
});
