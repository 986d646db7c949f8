import { modelReference } from './model-reference.ts';
import { versionNumber } from './version-number.ts';

/** What a version that is to be stored will be called. */
export interface PushedAs {
  readonly name: string;
  /** Undefined: the next that is free. */
  readonly number: number | undefined;
}

/** Reads what a new version is to be called, such as fraud or fraud@4. Throws an error of usage for anything else. */
export function pushedAs(text: string): PushedAs {
  const { name, version } = modelReference(text);
  return { name, number: version === undefined ? undefined : versionNumber(version) };
}
