import type { z } from 'zod';
import { type FormIssue, invalidForm } from './api-error.ts';

/** What a body says, by its rules. @throws ApiError 50035 */
export function formOf<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw invalidForm(parsed.error.issues.map(issueOf));
}

function issueOf(issue: z.core.$ZodIssue): FormIssue {
  const { path } = issue;
  const unit = 'origin' in issue && issue.origin === 'string' ? ' in length' : '';
  if (issue.code === 'too_big') {
    const message = `Must be ${issue.maximum} or fewer${unit}.`;
    return { path, code: 'BASE_TYPE_MAX_LENGTH', message };
  }
  if (issue.code === 'too_small') {
    const message = `Must be ${issue.minimum} or more${unit}.`;
    return { path, code: 'BASE_TYPE_MIN_LENGTH', message };
  }
  return { path, code: 'BASE_TYPE_BAD_VALUE', message: issue.message };
}
