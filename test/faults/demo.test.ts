import { join } from 'node:path';
import { describeScripts } from '../demo/describe-scripts.ts';
import { playDemo } from '../demo/play-demo.ts';
import { scriptsIn } from '../demo/scripts-in.ts';
import { playOverSlack } from '../demo/slack-chat.ts';

const directory = join(import.meta.dirname, 'demo');
const scripts = scriptsIn(directory);

describeScripts('the demo', { directory, scripts }, playDemo);
describeScripts('Slack', { directory, scripts }, playOverSlack);
