import type { MessageRefs } from '../../app/chat-ports.ts';
import type { Log } from '../../app/ports.ts';
import type { Job } from '../../domain/job.ts';
import { message } from '../message.ts';
import { ChannelRefusedError, type ChatPlatform, ChatUnavailableError } from '../platform.ts';

/** Stands with the job's messages once its requester was told. */
const TOLD = 'channel-refused';

/** Tells the requester, once per job, that its card and thread can't be seen, and what to do. */
export async function tellOfRefusal(
  { platform, refs, log }: { platform: ChatPlatform; refs: MessageRefs; log: Log },
  job: Job,
  refused: ChannelRefusedError,
): Promise<void> {
  if ((await refs.find(job.id, TOLD)) !== null) return;
  const nonce = `${job.id}:${TOLD}`;
  const { user } = job.requester;
  try {
    await platform.tellPerson({ user, nonce }, refusalMessage(job, refused));
  } catch (error) {
    // The next try of what was refused tells it.
    if (error instanceof ChatUnavailableError) return;
    if (!(error instanceof ChannelRefusedError)) throw error;
    log.error(
      { jobId: job.id, user, err: error },
      'the requester can not be told that a channel refuses the bot',
    );
  }
  await refs.save(job.id, TOLD, nonce);
}

function refusalMessage({ action, testbox }: Job, refused: ChannelRefusedError) {
  return message({
    text: `${action} ${testbox.name} can not be shown in its channel: ${refused.message}`,
    lines: ['The job goes on. Its card and thread are', 'tried again every minute.'],
  });
}
