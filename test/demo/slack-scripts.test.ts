import { describeScripts } from './describe-scripts.ts';
import { playOverSlack } from './play-over-slack.ts';
import { scriptsIn } from './scripts-in.ts';

const directory = import.meta.dirname;

describeScripts('Slack', { directory, scripts: scriptsIn(directory) }, playOverSlack);
