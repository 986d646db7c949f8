import { statSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { placeOf } from '../src/adapters/place-of.ts';
import { parseS3Uri } from '../src/adapters/s3-model-store/parse-s3-uri.ts';

/** The option `--models`, which commands that read the model repository share. */
export function modelsOption(): Option {
  return new Option('--models <uri>', 'the model repository: a directory, file:// or s3:// URI')
    .argParser(repository)
    .default('./models');
}

function repository(uri: string): string {
  try {
    const place = placeOf(uri);
    if ('s3' in place) parseS3Uri(place.s3);
    else if (statSync(place.path, { throwIfNoEntry: false })?.isFile())
      throw new Error('expected a folder with <model>/<version>/model.onnx, and it is a file');
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return uri;
}
