import { Command } from 'commander';
import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { openSigningKey } from '../src/adapters/signatures/open-signing-key.ts';
import { signStored } from '../src/adapters/signatures/sign-stored.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import { modelsOption } from './models-option.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';
import { signingKeyWords } from './signing-key-words.ts';
import { type VersionReference, versionArgument } from './version-argument.ts';

interface SignOptions {
  readonly key: string;
  readonly models: string;
}

const explanation = `
The signature is over manifest.json, which has the SHA-256 of each file, and over the model's name and the version's number. Signatures
of other keys stay. A key is made by openssl genpkey -algorithm ed25519 -out key.pem, and its public part, for serve --require-signature,
is got by openssl pkey -in key.pem -pubout.`;

/** `tensorgate sign`: a key vouches for a version that is stored. */
export function signCommand(): Command {
  return new Command('sign')
    .description('sign a version of a model, for hosts that load signed versions alone')
    .addArgument(versionArgument())
    .requiredOption('--key <key>', signingKeyWords)
    .addOption(modelsOption())
    .addHelpText('after', explanation)
    .action(async ({ name, version: wanted }: VersionReference, { key: place, models: uri }: SignOptions) => {
      const { model } = await findModel(uri, name);
      refuseEnsemble(model, 'sign those');
      const version = chooseVersion(model, wanted);
      await checkChange(uri, 'push', name);
      const key = await openSigningKey(place);
      await signStored(uri, name, version, key);
      console.log(`signed ${versionLabel(name, version)} with ${key.fingerprint} (${key.algorithm})`);
    });
}
