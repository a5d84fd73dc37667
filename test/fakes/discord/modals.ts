import type { Interaction } from './interactions.ts';
import type { ModalForm } from './modal-form.ts';

export interface OpenModal {
  form: ModalForm;
  channelId: string;
  /** The message with the button that opened it; null when a command did. */
  sourceId: string | null;
}

/** The dialog that each person has open: one at most. */
export class Modals {
  readonly #open = new Map<string, OpenModal>();

  open({ user, channelId, sourceId }: Interaction, form: ModalForm): void {
    this.#open.set(user, { form, channelId, sourceId });
  }

  of(user: string): OpenModal | null {
    return this.#open.get(user) ?? null;
  }

  /** Only this one: another may have been opened in the meantime. */
  close(user: string, modal: OpenModal): void {
    if (this.#open.get(user) === modal) this.#open.delete(user);
  }
}
