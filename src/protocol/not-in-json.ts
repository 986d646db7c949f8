import type { Datatype } from './datatype.ts';
import { ServiceError } from './service-error.ts';

/** The refusal of a tensor in JSON, which cannot carry its datatype. */
export function notInJson(name: string, datatype: Datatype): ServiceError {
  return new ServiceError(
    400,
    `'${name}' is ${datatype}, which JSON cannot carry; ask for it as binary data (binary_data: true)`,
  );
}
