import type { WebClient } from '@slack/web-api';

/** The workspace that the bot is installed in, and who the bot is there. */
export interface Workspace {
  id: string;
  name: string;
  /** Such as `https://acme.slack.com/`. */
  url: string;
  botUser: string;
  botId: string | null;
}

/** Asks Slack until it has told once: none of it changes while a token is valid. */
export class WorkspaceFacts {
  readonly #client: WebClient;
  #known: Workspace | null = null;
  #asking: Promise<Workspace> | null = null;

  constructor(client: WebClient) {
    this.#client = client;
  }

  /** Null while Slack could not be asked yet. */
  known(): Workspace | null {
    return this.#known;
  }

  /** @throws what the SDK throws when Slack doesn't tell */
  ask(): Promise<Workspace> {
    return this.#known !== null ? Promise.resolve(this.#known) : this.askAgain();
  }

  /** Also whether the token is still good. @throws what the SDK throws when Slack doesn't tell */
  askAgain(): Promise<Workspace> {
    this.#asking ??= this.#load().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #load(): Promise<Workspace> {
    const { team_id, team, url, user_id, bot_id } = await this.#client.auth.test();
    if (team_id === undefined || url === undefined || user_id === undefined)
      throw new Error("auth.test gave no team, address or user: that is not Slack's answer");
    this.#known = { id: team_id, name: team ?? team_id, url, botUser: user_id, botId: bot_id ?? null };
    return this.#known;
  }
}
