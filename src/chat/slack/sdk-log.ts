import { type Logger, LogLevel } from '@slack/web-api';
import type { Log } from '../../app/ports.ts';

/**
 * Slack's SDKs in our log. What they call an error, such as a lost connection, mostly mends
 * itself, and what doesn't is said by our own code: theirs are warnings. Their debug lines hold
 * what people wrote, so there are none.
 */
export function sdkLog(log: Log): Logger {
  return {
    debug: () => {},
    info: (...said) => log.info({ said: asText(said) }, 'Slack SDK'),
    warn: (...said) => log.warn({ said: asText(said) }, 'Slack SDK'),
    error: (...said) => log.warn({ said: asText(said) }, 'Slack SDK'),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

const SECRETS = /\bx(?:ox[a-z]|app)[\w.-]*-[\w.-]+|(?<=ticket=)[^&\s]+/g;

/** Text without tokens, and without tickets for sockets. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '[secret]');
}

function asText(said: readonly unknown[]): string {
  return withoutSecrets(said.map(String).join(' '));
}
