import { Command } from 'commander';
import type { Signer } from '../src/adapters/signatures/check-signature.ts';
import { checkVersion } from '../src/adapters/signatures/check-version.ts';
import { readPublicKeys } from '../src/adapters/signatures/read-public-keys.ts';
import { readSignedManifest } from '../src/adapters/signatures/read-signed-manifest.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import { jsonOption } from './json-option.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';

interface VerifyOptions {
  readonly keys: string;
  readonly models: string;
  readonly json: boolean;
}

/** `tensorgate verify`: whether a version is, to the byte, what one of the keys signed. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check that a version is signed, and that every file of it is what was signed')
    .addArgument(modelArgument())
    .requiredOption('--keys <keys>', 'a file or folder of public keys in PEM, as serve --require-signature takes them')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(verify);
}

async function verify({ name, version: wanted }: ModelReference, options: VerifyOptions): Promise<void> {
  const { keys: place, models: uri, json } = options;
  const { store, model } = await findModel(uri, name);
  refuseEnsemble(model, 'verify those');
  const version = chooseVersion(model, wanted);
  const label = versionLabel(name, version);
  const keys = await readPublicKeys(place);
  const refuse = (cause: Error) => {
    throw new Error(`${label} is not to be trusted: ${cause.message}`, { cause });
  };
  const { files, signers } = await readSignedManifest(store, name, version, keys).catch(refuse);
  await checkVersion(store, name, version, files).catch(refuse);
  const bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);
  if (json) console.log(JSON.stringify({ model: name, version, signers, files: files.size, bytes }, null, 2));
  else {
    console.log(`${label} is signed by ${signers.map(words).join(', ')}`);
    console.log(`and its ${files.size} files, of ${bytes} bytes, are what was signed`);
  }
}

function words({ fingerprint, algorithm }: Signer): string {
  return `${fingerprint} (${algorithm})`;
}
