import { Argument, InvalidArgumentError } from 'commander';
import { modelReference } from './model-reference.ts';

/** A version of a model, as a number or an alias. */
export interface VersionReference {
  readonly name: string;
  readonly version: string;
}

/** The argument of commands that take one version of a model, which `what` says more of. */
export function versionArgument(what = 'the version of a model, as a number or an alias, such as fraud@4'): Argument {
  return new Argument('<model@version>', what).argParser((text): VersionReference => {
    const { name, version } = modelReference(text);
    if (version !== undefined) return { name, version };
    throw new InvalidArgumentError(`Expected a model with a version, such as ${name}@4 or ${name}@production.`);
  });
}
