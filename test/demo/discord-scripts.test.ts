import { describeScripts } from './describe-scripts.ts';
import { playOverDiscord } from './discord-chat.ts';

const directory = import.meta.dirname;

/** The rest takes minutes: `npm run test:faults` plays all of them. */
const scripts = ['backup-restore.txt', 'bot-killed.txt', 'held-new-disk.txt'];

describeScripts('Discord', { directory, scripts }, playOverDiscord);
