import { APP_METHODS } from './app.ts';
import { CHAT_METHODS } from './chat.ts';
import { CONVERSATION_METHODS } from './conversations.ts';
import { FILE_METHODS } from './files.ts';
import type { Method } from './method.ts';
import { PEOPLE_METHODS } from './people.ts';
import { VIEW_METHODS } from './views.ts';

/** The whole Web API, as far as the fake knows it. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...APP_METHODS,
    ...CHAT_METHODS,
    ...CONVERSATION_METHODS,
    ...FILE_METHODS,
    ...PEOPLE_METHODS,
    ...VIEW_METHODS,
  }),
);
