import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { type FormIssue, invalidForm } from './api-error.ts';
import { isJson, type Json } from './json.ts';

/** Discord's own description of its REST API, which lies beside the project and not in it. */
const FILE = new URL('../../../../shared/specs/discord-openapi.json', import.meta.url);
const KEY = 'discord';
const ISSUE_LIMIT = 5;

/** Without the description, requests are only checked by the fake's own rules. */
export const hasDescription = existsSync(FILE);

/** A request in the description's terms. */
export interface DescribedRequest {
  method: string;
  template: string;
  parameters: Json;
  /** Undefined when there is none. */
  body: unknown;
  isForm: boolean;
}

/** @throws ApiError 50035 for what the description refuses; does nothing without the description */
export function refuseUndescribed(request: DescribedRequest): void {
  if (!hasDescription) return;
  const operation = operationOf(request);
  if (operation === null) throw notDescribed(request);
  const issues = [...parameterIssues(request), ...bodyIssues(request, operation)];
  if (issues.length > 0) throw invalidForm(issues.slice(0, ISSUE_LIMIT));
}

/** What the description says against an answer; empty when it is as described. */
export function answerIssues(answer: {
  method: string;
  template: string;
  status: number;
  body: unknown;
}): readonly FormIssue[] {
  const { method, template, status, body } = answer;
  const steps = ['paths', template, method.toLowerCase(), 'responses', String(status)];
  const inner = ['content', 'application/json', 'schema'];
  return issuesOf(validatorFor([...steps, ...inner]), body);
}

export function isDescribed(route: { method: string; template: string }): boolean {
  return operationOf(route) !== null;
}

const validators = new Map<string, ValidateFunction>();
let loaded: { description: Json; ajv: Ajv2020; coercing: Ajv2020 } | null = null;

/** Read at the first request, and once: it is large. */
function load(): { description: Json; ajv: Ajv2020; coercing: Ajv2020 } {
  if (loaded !== null) return loaded;
  const description = JSON.parse(readFileSync(FILE, 'utf8')) as Json;
  const settings = { strict: false, validateSchema: false, formats: FORMATS, verbose: true } as const;
  const ajv = new Ajv2020(settings);
  const coercing = new Ajv2020({ ...settings, coerceTypes: 'array' });
  for (const each of [ajv, coercing]) each.addSchema(description as AnySchemaObject, KEY);
  loaded = { description, ajv, coercing };
  return loaded;
}

const FORMATS = {
  nonce: true,
  int32: true,
  int64: true,
  double: true,
  snowflake: /^\d{1,20}$/,
  uri: (text: string) => URL.canParse(text),
  'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
} as const;

function operationOf({ method, template }: { method: string; template: string }): Json | null {
  const { paths } = load().description;
  const path = isJson(paths) ? paths[template] : null;
  const operation = isJson(path) ? path[method.toLowerCase()] : null;
  return isJson(operation) ? operation : null;
}

function bodyIssues(request: DescribedRequest, operation: Json): readonly FormIssue[] {
  const { requestBody } = operation;
  const { method, template, body, isForm } = request;
  if (!isJson(requestBody)) return [];
  if (body === undefined) {
    const message = 'A body is required.';
    return requestBody.required === true ? [{ path: [], code: 'BASE_TYPE_REQUIRED', message }] : [];
  }
  const type = isForm ? 'multipart/form-data' : 'application/json';
  const steps = ['paths', template, method.toLowerCase(), 'requestBody', 'content', type, 'schema'];
  return issuesOf(validatorFor(steps), asDescribed(body));
}

/** Permissions are documented as texts of digits, which Discord takes, and described as numbers. */
function asDescribed(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(asDescribed);
  if (!isJson(body) || typeof body.default_member_permissions !== 'string') return body;
  return { ...body, default_member_permissions: Number(body.default_member_permissions) };
}

/** Parameters of path and query are all texts, which the description sees as numbers and more. */
function parameterIssues({ method, template, parameters }: DescribedRequest): readonly FormIssue[] {
  const key = `${method} ${template}`;
  const known = validators.get(key);
  const validator = known ?? load().coercing.compile(parameterSchema({ method, template }));
  validators.set(key, validator);
  return issuesOf(validator, { ...parameters });
}

function parameterSchema({ method, template }: { method: string; template: string }): AnySchemaObject {
  const { paths } = load().description;
  const path = isJson(paths) && isJson(paths[template]) ? paths[template] : {};
  const lists = [path, operationOf({ method, template })].map((place) => place?.parameters);
  const parameters = lists.flatMap((list) => (Array.isArray(list) ? list.filter(isJson) : []));
  const required = parameters.filter((parameter) => parameter.required === true);
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, withKey(schema)])),
    required: required.map(({ name }) => name),
  };
}

/** The schema with its references pointing into the description. */
function withKey(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${KEY}#/`));
}

function validatorFor(steps: readonly string[]): ValidateFunction {
  const pointer = steps.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  const known = validators.get(pointer);
  if (known !== undefined) return known;
  const escaped = pointer.replaceAll(/[{}[\]@]/g, (character) => encodeURIComponent(character));
  const validator = load().ajv.compile({ $ref: `${KEY}#/${escaped}` });
  validators.set(pointer, validator);
  return validator;
}

function issuesOf(validator: ValidateFunction, value: unknown): readonly FormIssue[] {
  return validator(value) ? [] : (validator.errors ?? []).map(issueOf);
}

function issueOf({ instancePath, keyword, message, params }: ErrorObject): FormIssue {
  const path = instancePath.split('/').slice(1);
  const more = JSON.stringify(params);
  return { path, code: `DESCRIPTION_${keyword.toUpperCase()}`, message: `${message} ${more}` };
}

function notDescribed({ method, template }: DescribedRequest): Error {
  return new Error(`Discord's description has no ${method} ${template}.`);
}
