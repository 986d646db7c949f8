import { ServiceError } from '../../protocol/service-error.ts';

/** What the key of an input says. */
export interface InputKey {
  readonly model: string;
  /** A version or an alias. */
  readonly reference?: string;
}

/** Reads `<model>[@<version or alias>]/<any path>`. Throws ServiceError 400 that says what to write. */
export function parseInputKey(prefix: string, key: string): InputKey {
  const path = key.slice(prefix.length);
  const slash = path.indexOf('/');
  const [, model, at, reference] = /^([^@]+)(@(.*))?$/s.exec(path.slice(0, Math.max(0, slash))) ?? [];
  if (model === undefined || slash === path.length - 1 || (at !== undefined && !reference)) {
    throw new ServiceError(
      400,
      `'${key}': expected ${prefix}<model>/<file>, or ${prefix}<model>@<version or alias>/<file>`,
    );
  }
  return { model, ...(reference !== undefined && { reference }) };
}
