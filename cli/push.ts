import { Command } from 'commander';
import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { openSigningKey } from '../src/adapters/signatures/open-signing-key.ts';
import { filesToPush } from './files-to-push.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { type ProvenanceOptions, provenance } from './provenance.ts';
import { type PushedAs, pushedAs } from './pushed-as.ts';
import { signingKeyWords } from './signing-key-words.ts';
import { storeVersion } from './store-version.ts';

interface PushOptions extends ProvenanceOptions {
  readonly name: PushedAs;
  readonly sign?: string;
  readonly models: string;
  readonly json: boolean;
}

/** `tensorgate push`: a model, tried out, and the files that belong to it become a version in the repository. */
export function pushCommand(): Command {
  return new Command('push')
    .description(
      'try an ONNX file out and store it, with its external data and the files beside it, as a version of a model',
    )
    .argument(
      '<files...>',
      'the ONNX file, and tokenizer.json, labels.txt, samples.jsonl, … where it has them; or a folder, as Hugging Face has it',
    )
    .requiredOption(
      '--name <model[@number]>',
      'the model that it is a version of, and the number; one more than the newest without it',
      pushedAs,
    )
    .option('--sign <key>', `sign it too, with ${signingKeyWords}`)
    .option('--training-job <id>', 'what made it, for its manifest')
    .option('--metrics <file>', 'how good it is, for its manifest: a JSON object')
    .option('--licence <name>', 'under what it may be used, for its manifest')
    .option('--notes <file>', 'a model card, for its manifest: a text')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(push);
}

async function push(paths: readonly string[], options: PushOptions): Promise<void> {
  const { models: uri, json } = options;
  const { name, number: wanted } = options.name;
  await checkChange(uri, 'push', name);
  // First: what cannot be signed is not stored.
  const key = options.sign === undefined ? undefined : await openSigningKey(options.sign);
  const toPush = await filesToPush(paths);
  const origin = await provenance(uri, options);
  const { draft, version, place, folder } = await storeVersion(uri, { name, toPush, origin, version: wanted, key });
  const signed = key && { signedBy: key.fingerprint };
  if (json) {
    console.log(JSON.stringify({ ...draft, version, place, ...signed }, null, 2));
    return;
  }
  console.log(`stored model '${name}' version ${version} in ${place}`);
  if (key) console.log(`signed with ${key.fingerprint} (${key.algorithm})`);
  if (folder) console.log(`by its files: ${folder.words}`);
}
