import type { NativeFunctions } from './function-table.ts';
import type { Pointer } from './native-types.ts';
import { RuntimeError } from './runtime-error.ts';

/** Throws the error that a status stands for, if it stands for one, and frees it. */
export function check(api: NativeFunctions, status: Pointer | null): void {
  if (status === null) return;
  const error = new RuntimeError(api.getErrorCode(status), api.getErrorMessage(status));
  api.releaseStatus(status);
  throw error;
}
