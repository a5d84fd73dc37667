/** `action_id` of every button of a message is the button's own id; these are the adapter's own. */
export const OPEN_FORM = 'open-form';
export const REFRESH_HOME = 'refresh-home';

/** `callback_id`s of dialogs. */
export const REQUEST_FORM = 'request-form';
export const REASON_FORM = 'reason-form';

/** Fields of the dialog for a new job; `block_id` and `action_id` are the same. */
export const FORM_FIELDS = {
  box: 'box',
  action: 'action',
  disks: 'disks',
  asOf: 'as-of',
  from: 'from',
  fit: 'fit',
  reason: 'reason',
} as const;
/** The one field of the dialog for a reason. */
export const REASON_FIELD = 'reason';
