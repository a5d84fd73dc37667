import { join } from 'node:path';
import { describeScripts } from '../demo/describe-scripts.ts';
import { playOverDiscord } from '../demo/discord-chat.ts';
import { playDemo } from '../demo/play-demo.ts';
import { scriptsIn } from '../demo/scripts-in.ts';
import { playOverSlack } from '../demo/slack-chat.ts';

const directory = join(import.meta.dirname, 'demo');
const scripts = scriptsIn(directory);

const everyday = join(import.meta.dirname, '../demo');

describeScripts('the demo', { directory, scripts }, playDemo);
describeScripts('Slack', { directory, scripts }, playOverSlack);
describeScripts('Discord', { directory, scripts }, playOverDiscord);
describeScripts('Discord, every day', { directory: everyday, scripts: scriptsIn(everyday) }, playOverDiscord);
