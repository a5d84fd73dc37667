import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { AgentCalls } from '../app/agent-calls.ts';
import type { Log } from '../app/ports.ts';
import { BODY_LIMIT_BYTES, type ErrorAnswer } from '../contract/report.ts';
import { addAgentRoutes } from './agent-routes.ts';
import { addHealthRoute, type HealthCheck } from './health-route.ts';
import { addLabRoutes } from './lab-routes.ts';

/** Of receiving one request whole; agents send small bodies. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Of a connection without traffic, an answer that is awaited included. */
const CONNECTION_TIMEOUT_MS = 60_000;
/** Longer than the time between two reports, so that an agent keeps its connection. */
const KEEP_ALIVE_TIMEOUT_MS = 30_000;

export interface HttpDoors {
  calls: AgentCalls;
  health: HealthCheck;
  /** What `/v1/lab/jobs` shows; only a lab has it. */
  labJobs?: () => Promise<unknown>;
  log: Log;
}

export type HttpServer = FastifyInstance;

/** The door for agents and health checks. It doesn't listen yet: see `listen`. */
export function createHttpServer({ calls, health, labJobs, log }: HttpDoors): HttpServer {
  const server = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: true,
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler<FastifyError>((error, _request, reply) => answerError(error, { reply, log }));
  server.setNotFoundHandler((request, reply) =>
    send(reply, 404, { error: 'not-found', message: `there is no ${request.method} ${request.url}` }),
  );
  const typed = server.withTypeProvider<ZodTypeProvider>();
  addAgentRoutes(typed, calls);
  addHealthRoute(typed, { health, log });
  if (labJobs !== undefined) addLabRoutes(typed, labJobs);
  return server;
}

/** Starts to listen; gives the port, which the system chose when 0 was asked for. */
export async function listen(
  server: HttpServer,
  { host, port }: { host: string; port: number },
): Promise<number> {
  await server.listen({ host, port });
  const address = server.server.address();
  return address === null || typeof address === 'string' ? port : address.port;
}

function answerError(error: FastifyError, { reply, log }: { reply: FastifyReply; log: Log }): FastifyReply {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const faults = error.validation.map(({ instancePath, message }) => {
      const place = instancePath.slice(1).replaceAll('/', '.');
      return `${place === '' ? 'the body' : place}: ${message ?? 'not as expected'}`;
    });
    return send(reply, 400, { error: 'invalid', message: faults.slice(0, 5).join('; ') });
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    return send(reply, status, { error: codeOf(status), message: error.message });
  }
  const errorId = randomBytes(4).toString('hex');
  log.error({ err: error, errorId }, 'a request failed');
  return send(reply, 500, {
    error: 'internal',
    message: `the bot failed; its log has it as error ${errorId}`,
  });
}

function codeOf(status: number): string {
  if (status === 413) return 'too-large';
  if (status === 415) return 'not-json';
  return 'invalid';
}

function send(reply: FastifyReply, status: number, answer: ErrorAnswer): FastifyReply {
  // The bodies of errors have one form, whatever a route's own answers are.
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(answer);
}
