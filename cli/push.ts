import { Command } from 'commander';
import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { openSigningKey } from '../src/adapters/signatures/open-signing-key.ts';
import { filesToPush } from './files-to-push.ts';
import { printStored } from './print-stored.ts';
import { provenance } from './provenance.ts';
import { storeVersion } from './store-version.ts';
import { type StoringOptions, withStoringOptions } from './storing-options.ts';

/** `tensorgate push`: a model, tried out, and the files that belong to it become a version in the repository. */
export function pushCommand(): Command {
  const command = new Command('push')
    .description(
      'try an ONNX file out and store it, with its external data and the files beside it, as a version of a model',
    )
    .argument(
      '<files...>',
      'the ONNX file, and tokenizer.json, labels.txt, samples.jsonl, … where it has them; or a folder, as Hugging Face has it',
    );
  return withStoringOptions(command).action(push);
}

async function push(paths: readonly string[], options: StoringOptions): Promise<void> {
  const { models: uri, json } = options;
  const { name, number: version } = options.name;
  await checkChange(uri, 'push', name);
  // First: what cannot be signed is not stored.
  const key = options.sign === undefined ? undefined : await openSigningKey(options.sign);
  const toPush = await filesToPush(paths);
  const origin = await provenance(uri, options);
  printStored(await storeVersion(uri, { name, toPush, origin, version, key }), { name, key, json });
}
