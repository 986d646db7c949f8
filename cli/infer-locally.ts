import { checkInputs } from '../src/core/check-inputs.ts';
import { versionLabel } from '../src/core/version-label.ts';
import type { InferenceResponse, OutputTensor } from '../src/protocol/inference.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import type { InferOptions } from './infer-options.ts';
import type { ModelReference } from './model-reference.ts';
import { openModel } from './open-model.ts';
import { parseInput } from './parse-input.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';

/** Runs a model of the repository in this process. */
export async function inferLocally(
  { name, version: wanted }: ModelReference,
  options: InferOptions,
): Promise<InferenceResponse> {
  const { store, model } = await findModel(options.models, name, options.requireSignature);
  if (model.problem) throw new Error(`model '${name}' cannot be served: ${model.problem}`);
  refuseEnsemble(model, 'serve it, and ask the server with --url');
  const version = chooseVersion(model, wanted);
  const { path, release } = await store.fetch(name, version);
  const session = await openModel(path, versionLabel(name, version)).finally(release);
  try {
    const inputs = await Promise.all(options.input.map((text) => parseInput(text, session.inputs)));
    checkInputs(session.inputs, inputs);
    const known = session.outputs.map((output) => output.name);
    const outputNames = options.output.length > 0 ? options.output : known;
    const unknown = outputNames.find((output) => !known.includes(output));
    if (unknown !== undefined) {
      const reason = session.unservable.find((output) => output.name === unknown)?.reason;
      throw new Error(
        reason
          ? `output '${unknown}' cannot be answered: ${reason}`
          : `the model has no output '${unknown}'; its outputs are ${known.join(', ')}`,
      );
    }
    const outputs = await session.run({ inputNames: inputs.map((input) => input.name), inputs, outputNames });
    return {
      modelName: name,
      modelVersion: String(version),
      outputs: outputs.map(({ keys, ...tensor }, index): OutputTensor => {
        const parameters = keys ? { parameters: { keys: JSON.stringify(keys) } } : {};
        return { ...tensor, name: outputNames[index] as string, ...parameters };
      }),
    };
  } finally {
    await session.release();
  }
}
