import { describeScripts } from './describe-scripts.ts';
import { EVERYDAY_SCRIPTS } from './everyday-scripts.ts';
import { playOverSlack } from './slack-chat.ts';

const directory = import.meta.dirname;

describeScripts('Slack', { directory, scripts: EVERYDAY_SCRIPTS }, playOverSlack);
