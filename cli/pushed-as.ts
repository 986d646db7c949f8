import { InvalidArgumentError } from 'commander';
import { explainModelName } from '../src/adapters/directory-model-store/explain-model-name.ts';
import { modelName } from '../src/adapters/directory-model-store/model-name.ts';
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
  if (!modelName.test(name)) throw new InvalidArgumentError(`${explainModelName(name)}.`);
  return { name, number: version === undefined ? undefined : versionNumber(version) };
}
