import type { TestboxAddress } from '../src/contract/address.ts';
import type { DiskSlot } from '../src/contract/disk.ts';
import type { Hello, HelloAccepted, HelloRefused } from '../src/contract/report.ts';
import type { BotClient, HelloReply } from './bot-client.ts';
import type { Clock } from './clock.ts';
import type { Logbook } from './logbook.ts';
import { backoffMs, type Timing } from './timing.ts';

export interface GreetingDeps {
  client: BotClient;
  clock: Clock;
  timing: Timing;
  logbook: Logbook;
  /** Made anew for every hello: disks may have come or gone. */
  hello: () => Promise<Hello>;
  /** Disks this run of the agent has begun to write and not finished. */
  dirty: ReadonlySet<DiskSlot>;
  /** This machine's own. */
  address: TestboxAddress;
  /** For people who have to look into it. */
  howToLogIn: () => Promise<string>;
  /** The bot said what time it is, epoch ms. */
  onBotTime: (botTime: number) => Promise<void>;
  /** Ends the agent itself. */
  ended: AbortSignal;
}

export type Greeting =
  | { kind: 'accepted'; accepted: HelloAccepted }
  | { kind: 'reboot-local' }
  | { kind: 'ended' };

/**
 * Says hello until the bot accepts it or sends the box home. Goes on for ever: without an
 * accepted hello nothing may be done, and only a person can say that it is pointless.
 */
export async function greet(
  deps: GreetingDeps,
  onRefusal?: (refused: HelloRefused) => void,
): Promise<Greeting> {
  let failures = 0;
  let said = '';
  while (!deps.ended.aborted) {
    const reply = await deps.client.hello(await deps.hello());
    if (reply.botTime !== null) await deps.onBotTime(reply.botTime);
    if (reply.kind === 'accepted') {
      if (failures > 0) deps.logbook.say('The bot has accepted the hello.');
      return reply;
    }
    if (reply.kind === 'refused') {
      onRefusal?.(reply.refused);
      if (reply.refused.directive === 'reboot-local' && deps.dirty.size === 0)
        return { kind: 'reboot-local' };
    }
    const words = await refusalWords(reply, deps);
    if (words !== said) deps.logbook.say(words);
    said = words;
    await deps.clock.sleep(backoffMs(deps.timing, failures), deps.ended);
    failures += 1;
  }
  return { kind: 'ended' };
}

async function refusalWords(
  reply: Exclude<HelloReply, { kind: 'accepted' }>,
  { dirty, address, howToLogIn }: GreetingDeps,
): Promise<string> {
  if (reply.kind === 'unreachable') return `The bot did not answer the hello: ${reply.why}. Asking again.`;
  if (reply.kind === 'forbidden') {
    return (
      `The bot does not take this machine for the testbox of its job: ${reply.why}. This machine is ${address}; ` +
      `if DHCP gave it another address than the inventory says, correct one of them. Log in: ${await howToLogIn()}. Asking again.`
    );
  }
  const { directive, reason } = reply.refused;
  switch (directive) {
    case 'wait':
      return `The bot says wait: ${reason}. Asking again.`;
    case 'stay':
      return `The bot says stay: ${reason}. The box stays in the maintenance system (${await howToLogIn()}); asking again.`;
    case 'reboot-local':
      return `The bot says boot the local disk (${reason}), but ${[...dirty].join(', ')} is half-written: the box stays. Asking again.`;
  }
}
