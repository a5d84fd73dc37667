import { join } from 'node:path';
import { describeScripts } from '../demo/describe-scripts.ts';
import { playOverDiscord } from '../demo/discord-chat.ts';
import { EVERYDAY_SCRIPTS } from '../demo/everyday-scripts.ts';
import { playDemo } from '../demo/play-demo.ts';
import { scriptsIn } from '../demo/scripts-in.ts';
import { playOverSlack } from '../demo/slack-chat.ts';

const directory = join(import.meta.dirname, 'demo');
const scripts = scriptsIn(directory);

const everyday = join(import.meta.dirname, '../demo');

describeScripts('the demo', { directory, scripts }, playDemo);
describeScripts('Slack', { directory, scripts }, playOverSlack);
describeScripts('Discord', { directory, scripts }, playOverDiscord);

const others = scriptsIn(everyday).filter((script) => !EVERYDAY_SCRIPTS.includes(script));
describeScripts('Slack, every day', { directory: everyday, scripts: others }, playOverSlack);
describeScripts('Discord, every day', { directory: everyday, scripts: others }, playOverDiscord);
