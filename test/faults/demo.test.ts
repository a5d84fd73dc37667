import { join } from 'node:path';
import { describeScripts } from '../demo/describe-scripts.ts';
import { playDemo } from '../demo/play-demo.ts';
import { playOverSlack } from '../demo/play-over-slack.ts';
import { scriptsIn } from '../demo/scripts-in.ts';

const directory = join(import.meta.dirname, 'demo');
const scripts = scriptsIn(directory);

describeScripts('the demo', { directory, scripts }, playDemo);
describeScripts('Slack', { directory, scripts }, playOverSlack);
