import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { AgentCalls } from '../app/agent-calls.ts';
import { assertNever } from '../contract/assert-never.ts';
import {
  ErrorAnswer,
  HELLO_PATH,
  Hello,
  HelloAccepted,
  HelloRefused,
  REPORTS_PATH,
  ReportAnswer,
  ReportBatch,
} from '../contract/report.ts';
import { bearerToken, peerAddress } from './caller.ts';

export type TypedServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Hello and reports. What arrives here is parsed; who may say it is decided by the app. */
export function addAgentRoutes(server: TypedServer, calls: AgentCalls): void {
  server.post(
    HELLO_PATH,
    { schema: { body: Hello, response: { 200: HelloAccepted, 403: ErrorAnswer, 409: HelloRefused } } },
    async (request, reply) => {
      const outcome = await calls.hello(request.body, peerAddress(request.socket));
      switch (outcome.kind) {
        case 'accepted':
          return reply.code(200).send(outcome.answer);
        case 'refused':
          return reply.code(409).send(outcome.answer);
        case 'forbidden':
          return reply.code(403).send({ error: 'forbidden', message: outcome.why });
        default:
          return assertNever(outcome);
      }
    },
  );

  server.post(
    REPORTS_PATH,
    {
      schema: {
        body: ReportBatch,
        response: { 200: ReportAnswer, 401: ErrorAnswer, 403: ErrorAnswer, 410: ErrorAnswer },
      },
    },
    async (request, reply) => {
      const outcome = await calls.reports({
        batch: request.body,
        token: bearerToken(request.headers.authorization),
        peer: peerAddress(request.socket),
      });
      switch (outcome.kind) {
        case 'accepted':
          return reply.code(200).send(outcome.answer);
        case 'unauthorized':
          return reply
            .code(401)
            .send({ error: 'unauthorized', message: 'the token is not of the newest session' });
        case 'gone':
          return reply.code(410).send({ error: 'gone', message: outcome.why });
        case 'forbidden':
          return reply.code(403).send({ error: 'forbidden', message: outcome.why });
        default:
          return assertNever(outcome);
      }
    },
  );
}
