import { withBlockIds } from './block-ids.ts';
import { APP_ID, BOT_ID } from './directory.ts';
import { stateOf } from './view-fields.ts';
import type { OpenView } from './view-store.ts';
import type { World } from './world.ts';

/** A dialog or Home as answers and payloads carry it, with what stands in its fields. */
export function viewJson(world: World, open: OpenView): Record<string, unknown> {
  const { id, hash, view, rootId, previousId } = open;
  const team = world.directory.team.id;
  const modal = view.type === 'modal' ? view : null;
  return {
    ...{ id, hash, team_id: team, app_id: APP_ID, bot_id: BOT_ID, app_installed_team_id: team },
    type: view.type,
    title: modal?.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    submit: modal?.submit ?? null,
    close: modal?.close ?? null,
    blocks: withBlockIds(view.blocks, id),
    callback_id: view.callback_id ?? '',
    private_metadata: view.private_metadata ?? '',
    external_id: view.external_id ?? '',
    clear_on_close: modal?.clear_on_close ?? false,
    notify_on_close: modal?.notify_on_close ?? false,
    root_view_id: rootId,
    previous_view_id: previousId,
    state: { values: stateOf(open) },
  };
}
