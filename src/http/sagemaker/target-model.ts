import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest } from '../http-message.ts';

/** The model that a request to `/invocations` means: the one that it names, or the only one there is. Throws 400. */
export function targetModel({ headers }: HttpRequest, names: readonly string[]): string {
  const named = headers['x-amzn-sagemaker-target-model'];
  // SageMaker's callers name the archive that a model came in.
  if (typeof named === 'string') return named.replace(/^.*\//, '').replace(/\.tar\.gz$/, '');
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  const has = names.length === 0 ? 'has no model' : `has ${names.length} models (${names.slice(0, 10).join(', ')})`;
  throw new ServiceError(400, `the server ${has}: name one in the header X-Amzn-SageMaker-Target-Model`);
}
