import type { BootId } from '../contract/ids.ts';

/** What a running system knows of itself. */
export interface BoxFacts {
  bootId: BootId;
  uptimeSeconds: number;
  users: readonly string[];
}

export interface CommandAnswer {
  output: string;
  status: number;
  reboots: boolean;
}

/** Answers the two commands that the bot runs on a box, recognised by what they are about. */
export function answerCommand(command: string, facts: BoxFacts): CommandAnswer {
  if (command.includes('/proc/sys/kernel/random/boot_id')) {
    const lines = [
      `boot-id=${facts.bootId}`,
      'maintenance=no',
      `uptime=${facts.uptimeSeconds}`,
      `users=${facts.users.join(' ')}`,
    ];
    return { output: `${lines.join('\n')}\n`, status: 0, reboots: false };
  }
  if (command.includes('reboot')) return { output: '', status: 0, reboots: true };
  return { output: 'command not found\n', status: 127, reboots: false };
}
