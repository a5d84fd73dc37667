import { assertNever } from '../../contract/assert-never.ts';
import type { Orders } from '../../contract/command-line.ts';
import { parseBootConfig } from '../../contract/pxelinux.ts';

/** What a box does that boots with this file, as a sentence without its full stop. */
export function meaningOf(text: string): string {
  const parsed = parseBootConfig(text);
  if (parsed === undefined) return 'it is no boot config that Testbox understands';
  if (parsed.kind === 'local-boot') return 'the box boots its local disk';
  return `the box boots ${parsed.kernel} and ${meaningOfOrders(parsed.orders)}`;
}

function meaningOfOrders(orders: Orders): string {
  switch (orders.kind) {
    case 'job':
      return `asks the bot about job ${orders.job} (${orders.action}), which keeps this file as it is`;
    case 'jobless':
      return `does ${orders.action} without a job, if its agent.json allows that`;
    case 'none':
      return `does nothing there (${orders.why})`;
    default:
      return assertNever(orders);
  }
}
