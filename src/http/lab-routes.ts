import type { TypedServer } from './agent-routes.ts';

export const LAB_JOBS_PATH = '/v1/lab/jobs';

/** What only the demo and the tests may see. */
export function addLabRoutes(server: TypedServer, labJobs: () => Promise<unknown>): void {
  server.get(LAB_JOBS_PATH, async (_request, reply) => reply.send(await labJobs()));
}
