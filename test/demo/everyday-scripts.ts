/** Played over every chat in `npm test`; `npm run test:faults` plays all of them, which takes minutes. */
export const EVERYDAY_SCRIPTS = ['backup-restore.txt', 'bot-killed.txt'];
