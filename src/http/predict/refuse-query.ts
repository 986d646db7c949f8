import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest } from '../http-message.ts';

/** Throws 400 for a query, which would be left out unseen. A signature of AWS's may be there. */
export function refuseQuery({ query = '' }: HttpRequest): void {
  const name = [...new URLSearchParams(query).keys()].find((each) => !/^x-amz-/i.test(each));
  if (name === undefined) return;
  throw new ServiceError(
    400,
    `expected no query, got '${name.slice(0, 100)}': parameters are in the JSON body, or a form's field 'parameters' beside its 'file'`,
  );
}
