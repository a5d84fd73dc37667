import { describeScripts } from './describe-scripts.ts';
import { scriptsIn } from './scripts-in.ts';
import { playOverSlack } from './slack-chat.ts';

const directory = import.meta.dirname;

describeScripts('Slack', { directory, scripts: scriptsIn(directory) }, playOverSlack);
