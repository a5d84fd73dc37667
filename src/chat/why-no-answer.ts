/** What the chats' failures have in common. */
type Failure =
  | { kind: 'unreachable'; why: string }
  | { kind: 'limited'; retryAfterMs: number }
  | { kind: 'refused' };

/** Why there was no answer about the matter itself; null for one that was refused. */
export function whyNoAnswer(chat: 'Slack' | 'Discord', failure: Failure): string | null {
  switch (failure.kind) {
    case 'unreachable':
      return failure.why;
    case 'limited':
      return `${chat} wants a pause of ${Math.ceil(failure.retryAfterMs / 1000)} s`;
    case 'refused':
      return null;
  }
}
