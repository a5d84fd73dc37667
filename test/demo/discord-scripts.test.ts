import { describeScripts } from './describe-scripts.ts';
import { playOverDiscord } from './discord-chat.ts';
import { EVERYDAY_SCRIPTS } from './everyday-scripts.ts';

const directory = import.meta.dirname;

describeScripts('Discord', { directory, scripts: EVERYDAY_SCRIPTS }, playOverDiscord);
