import type { Inbound } from '../../chat/platform.ts';

/** The same ear, which works on nothing before the promise has resolved. */
export function afterwards(ready: Promise<void>, inbound: Inbound): Inbound {
  const later =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await ready;
      return call(...args);
    };
  return {
    command: later((command) => inbound.command(command)),
    press: later((press) => inbound.press(press)),
    objection: later((press) => inbound.objection(press)),
    question: later((press) => inbound.question(press)),
    suggestBoxes: later((person, typed) => inbound.suggestBoxes(person, typed)),
    form: later((person, thread) => inbound.form(person, thread)),
    home: later((person) => inbound.home(person)),
  };
}
