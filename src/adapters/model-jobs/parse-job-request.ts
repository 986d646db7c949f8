import { jobKinds } from '../../core/model-jobs/job-kinds.ts';
import { shownJson } from '../../core/shown-json.ts';
import type { JobRequest } from '../../ports/job-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { compileSchema } from '../compile-schema.ts';
import { modelName } from '../directory-model-store/model-name.ts';
import { explainSchemaErrors } from '../explain-schema-errors.ts';
import { fieldAtFault } from '../field-at-fault.ts';

const file = { type: 'string', minLength: 1, maxLength: 512 };
const version = '[A-Za-z0-9][A-Za-z0-9._-]{0,127}';
const inRepository = { type: 'string', pattern: `^${version}(@${version})?$` };
/** Beside one another, in a folder of their own that no name leads out of. */
const namedFile = '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}';
const files = {
  type: 'object',
  additionalProperties: false,
  required: ['files'],
  properties: {
    files: {
      type: 'object',
      minProperties: 1,
      maxProperties: 64,
      propertyNames: { pattern: `^${namedFile}(/${namedFile}){0,7}$` },
      additionalProperties: file,
    },
  },
};

/**
 * Reads what a request asks for, or the file that begins a job. Rejects with ServiceError 400 that says what is wrong
 * with it.
 */
export async function parseJobRequest(body: unknown): Promise<JobRequest> {
  const { kind, source, options } = (typeof body === 'object' && body !== null ? body : {}) as Partial<JobRequest>;
  const known = typeof kind === 'string' && Object.hasOwn(jobKinds, kind) ? jobKinds[kind] : undefined;
  if (!known)
    throw new ServiceError(
      400,
      `field 'kind': expected one of ${Object.keys(jobKinds).join(', ')}, got ${shownJson(kind)}`,
      { field: 'kind' },
    );
  const isNew = typeof options === 'object' && options !== null && known.isNew?.(options) === true;
  const validate = await compileSchema<Omit<JobRequest, 'options'> & Partial<JobRequest>>({
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'model', ...(isNew ? [] : ['source']), ...(known.required ? ['options'] : [])],
    properties: {
      kind: {},
      model: { type: 'string', pattern: modelName.source },
      ...(!isNew && { source: typeof source === 'object' ? files : inRepository }),
      options: {
        type: 'object',
        additionalProperties: false,
        required: known.required ?? [],
        properties: known.options,
      },
    },
  });
  if (validate(body)) return { options: {}, ...body };
  const errors = validate.errors ?? [];
  const field = fieldAtFault(errors);
  throw new ServiceError(400, explainSchemaErrors(errors, 'the request'), field === undefined ? {} : { field });
}
