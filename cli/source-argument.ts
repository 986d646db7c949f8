import { Argument } from 'commander';

/** The argument of commands that make something of a model, as `findSource` takes it. */
export function sourceArgument(name = 'file-or-model', example = 'fraud'): Argument {
  const words = `an ONNX file or a folder with one, or a model of the repository, such as ${example} or ${example}@4`;
  return new Argument(`<${name}>`, words);
}
