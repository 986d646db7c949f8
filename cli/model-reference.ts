import { InvalidArgumentError } from 'commander';

/** A model as commands are told of it, such as fraud, fraud@4 or fraud@production. */
export interface ModelReference {
  readonly name: string;
  /** A number or an alias, where there is an @. */
  readonly version?: string;
}

/** Reads a model, and the version that follows it after an @. Throws an error of usage where either is missing. */
export function modelReference(text: string): ModelReference {
  const [, name, , version] = /^([^@]+)(@([^@]+))?$/.exec(text) ?? [];
  if (name !== undefined) return { name, ...(version !== undefined && { version }) };
  throw new InvalidArgumentError(
    'Expected a model, or one with a version, such as fraud, fraud@4 or fraud@production.',
  );
}
