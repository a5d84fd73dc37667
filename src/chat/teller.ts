import { AnnounceError } from '../app/chat-ports.ts';
import type { Inventory, Log } from '../app/ports.ts';
import type { AskedProof, DamageReport, Teller } from '../app/proof-ports.ts';
import { approversOn } from '../domain/access.ts';
import type { Person } from '../domain/person.ts';
import type { ProofResult } from '../domain/proof-result.ts';
import type { Testbox } from '../domain/testbox.ts';
import { damageText } from './damage-text.ts';
import { formatTime } from './format.ts';
import { message } from './message.ts';
import { sending } from './outbox/sending.ts';
import { ChannelRefusedError, type ChatMessage, type ChatPlatform, type Mention } from './platform.ts';
import { proofText } from './proof-text.ts';

interface Parts {
  platforms: readonly ChatPlatform[];
  inventory: Pick<Inventory, 'access'>;
  log: Log;
}

/** Tells in chat what is of no job: such messages have no card, and nothing edits them. */
export class ChatTeller implements Teller {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async tellDamage(testbox: Testbox, report: DamageReport): Promise<void> {
    const { platforms } = this.#parts;
    const text = damageText(testbox.name, report);
    let told = false;
    for (const platform of platforms) {
      const channel = testbox.channels[platform.name];
      if (channel === null) continue;
      const mentions = this.#calledOn(platform, report.owners);
      const posted = message({ ...text, mentions });
      if (await this.#post(platform, { channel, nonce: report.key }, posted)) told = true;
    }
    if (told || (await this.#tellOwners(report, message(text)))) return;
    throw new AnnounceError(`no channel takes it, and none of its owners can be told`, {
      retryAfterMs: null,
    });
  }

  async tellProof(asked: AskedProof, { box, result }: { box: string; result: ProofResult }): Promise<void> {
    const { platform: name, user, channel, id, at } = asked;
    const platform = this.#parts.platforms.find((each) => each.name === name);
    if (platform === undefined) throw new AnnounceError(`${name} is not connected`, { retryAfterMs: null });
    const text = proofText(box, result);
    const lines = [...text.lines, `You asked for it: \`verify ${box}\`, ${formatTime(at)}.`];
    const told = message({ ...text, lines });
    const nonce = `proof:${id}`;
    if (await this.#unlessRefused({ user }, () => platform.tellPerson({ user, nonce }, told))) return;
    // Somebody who takes no direct messages is called to what everybody may see.
    const mentions = [{ platform: name, user }];
    if (await this.#post(platform, { channel, nonce: `${nonce}:channel` }, { ...told, mentions })) return;
    this.#parts.log.error({ box, user, result }, 'nobody could be told the result of a proof');
  }

  /** The owners by their ids there; without any, who decides about images. */
  #calledOn(platform: ChatPlatform, owners: readonly Person[]): Mention[] {
    const there = owners.flatMap((owner) => this.#idOn(platform, owner) ?? []);
    if (there.length > 0) return there.map((user) => ({ platform: platform.name, user }));
    return approversOn(platform.name, this.#parts.inventory.access());
  }

  #idOn({ name }: ChatPlatform, owner: Person): string | null {
    if (owner.platform === name) return owner.user;
    const ids = this.#parts.inventory.access().people.get(owner.key) ?? [];
    return ids.find(({ platform }) => platform === name)?.user ?? null;
  }

  /** False where the channel doesn't take it, which is somebody's to put right. @throws AnnounceError */
  #post(
    platform: ChatPlatform,
    to: { channel: string; nonce: string },
    posted: ChatMessage,
  ): Promise<boolean> {
    return this.#unlessRefused({ platform: platform.name, channel: to.channel }, async () => {
      await platform.turn({ kind: 'post', channel: to.channel, urgency: 'people' });
      await platform.post(to, posted);
    });
  }

  async #tellOwners({ owners, key }: DamageReport, told: ChatMessage): Promise<boolean> {
    let anybody = false;
    for (const platform of this.#parts.platforms) {
      for (const owner of owners) {
        const user = this.#idOn(platform, owner);
        if (user === null) continue;
        const nonce = `${key}:${user}`;
        const place = { platform: platform.name, user };
        if (await this.#unlessRefused(place, () => platform.tellPerson({ user, nonce }, told)))
          anybody = true;
      }
    }
    return anybody;
  }

  async #unlessRefused(place: object, send: () => Promise<void>): Promise<boolean> {
    try {
      return (await sending(async () => send().then(() => true))) ?? false;
    } catch (error) {
      if (!(error instanceof AnnounceError && error.cause instanceof ChannelRefusedError)) throw error;
      this.#parts.log.error({ ...place, why: error.message }, 'a message that is of no job is refused');
      return false;
    }
  }
}
