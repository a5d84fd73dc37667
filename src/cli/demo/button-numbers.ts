import type { ChatRoom } from '../../chat/console/room.ts';

/** Where a number leads. */
export interface NumberedButton {
  ref: string;
  button: string;
}

/**
 * A number for every button that was ever shown. A number is never given to another button:
 * what stood on the screen while a finger moved must be what is pressed.
 */
export class ButtonNumbers {
  readonly #room: ChatRoom;
  readonly #buttons: (NumberedButton & { value: string })[] = [];

  constructor(room: ChatRoom) {
    this.#room = room;
  }

  numberOf(ref: string, button: { id: string; value: string }): number {
    const known = this.#buttons.findIndex(
      (one) => one.ref === ref && one.button === button.id && one.value === button.value,
    );
    if (known >= 0) return known + 1;
    return this.#buttons.push({ ref, button: button.id, value: button.value });
  }

  /** Undefined for a number that was never shown, or whose button is gone. */
  find(number: number): NumberedButton | undefined {
    const found = this.#buttons[number - 1];
    if (found === undefined) return undefined;
    const buttons = this.#room.get(found.ref)?.message.buttons ?? [];
    return buttons.some(({ id, value }) => id === found.button && value === found.value) ? found : undefined;
  }
}
