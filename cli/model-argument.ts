import { Argument } from 'commander';
import { modelReference } from './model-reference.ts';

/** The argument of commands that take a model, with a version or without; `otherwise` is what they take without one. */
export function modelArgument(otherwise = 'that which would serve'): Argument {
  const words = `the model, and its version as a number or an alias, such as fraud@4; without one ${otherwise}`;
  return new Argument('<model[@version]>', words).argParser(modelReference);
}
