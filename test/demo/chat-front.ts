/** A message as one person sees it now, on whatever chat. */
export interface FrontMessage {
  id: string;
  author: string;
  /** Only this person sees it. */
  ephemeral: boolean;
  /** All that it says, without formatting: what a script looks through. */
  text: string;
  /** Ids of its buttons, as scripts `press` them. */
  buttons: readonly string[];
}

/** A fake chat as its people sit in front of it. What they do rejects when the bot doesn't hear it. */
export interface ChatFront {
  /** As people call it: `Slack`. */
  name: string;
  /** Its id there of everybody whom scripts know. */
  users: Readonly<Record<string, string>>;
  botUser: string;
  revision(): number;
  /** Resolves at the next change. */
  changed(signal: AbortSignal): Promise<void>;
  changesSince(revision: number, user: string): readonly FrontMessage[];
  sees(user: string): readonly FrontMessage[];
  /** Rules of the chat that the bot broke. */
  breaches(): readonly string[];
  /** Types `/testbox <line>` in the lab's channel. */
  type(user: string, line: string): Promise<unknown>;
  press(user: string, message: FrontMessage, button: string): Promise<unknown>;
  hasDialog(user: string): boolean;
  /** Fills the open dialog for a reason, and sends it. */
  giveReason(user: string, reason: string | null): Promise<unknown>;
}

/** Looks whenever something changes; false when it has not become true in that time. */
export async function comesTrue(
  chat: Pick<ChatFront, 'changed'>,
  isTrue: () => boolean,
  withinMs: number,
): Promise<boolean> {
  const patience = AbortSignal.timeout(withinMs);
  while (!isTrue()) {
    if (patience.aborted) return false;
    await chat.changed(patience).catch(() => undefined);
  }
  return true;
}
