/** What the dialog for a reason says, within the limits of every platform. */
export interface ReasonDialog {
  /** At most 24 characters. */
  title: string;
  /** At most 24 characters. */
  submit: string;
  /** At most 100 characters. */
  hint: string;
}

const DIALOGS: Readonly<Record<string, ReasonDialog>> = {
  deny: {
    title: 'Deny this job',
    submit: 'Deny',
    hint: "It is told in the job's thread, and to the one who asked.",
  },
};
const ANY_BUTTON: ReasonDialog = {
  title: 'Give a reason',
  submit: 'Send',
  hint: "It is told in the job's thread.",
};

export function reasonDialog(buttonId: string): ReasonDialog {
  return DIALOGS[buttonId] ?? ANY_BUTTON;
}
