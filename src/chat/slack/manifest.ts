import { COMMANDS } from '../../domain/command-table.ts';
import { usage } from '../router/help-text.ts';
import { BOT_SCOPES } from './scopes.ts';

/**
 * The app as Slack's "create from a manifest" takes it, made from the one command table.
 * Socket Mode needs no URLs: Slack never calls the bot, the bot calls Slack.
 */
export function slackManifest() {
  return {
    display_information: {
      name: 'Testbox',
      description: 'Backs up and restores bare-metal test machines.',
      background_color: '#1f3a5f',
    },
    features: {
      // People don't write to the bot in private; the bot writes there to those it can't reach elsewhere.
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: 'testbox', always_online: true },
      slash_commands: [
        {
          command: '/testbox',
          description: 'Back up, restore and look at test machines',
          usage_hint: COMMANDS.map(usage).join(' | '),
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(BOT_SCOPES) } },
    settings: {
      event_subscriptions: { bot_events: ['app_home_opened', 'app_mention'] },
      interactivity: { is_enabled: true },
      org_deploy_enabled: false,
      socket_mode_enabled: true,
      token_rotation_enabled: false,
    },
  };
}
