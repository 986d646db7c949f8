import type { JsonObject } from './json-object.ts';

/** The job that a path is about. */
export const jobIdParameter: JsonObject = {
  name: 'job_id',
  in: 'path',
  required: true,
  description: 'Id of a job.',
  schema: { type: 'string', minLength: 1, maxLength: 256 },
};
