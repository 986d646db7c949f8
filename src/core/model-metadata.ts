import type { UnservableOutput } from '../ports/session.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import { batchingWord } from './batching-word.ts';
import type { DataPlane } from './data-plane.ts';
import { itemInput, predictionOutput } from './tasks/item-input.ts';

/** A model's metadata, in the words of the protocol. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly parameters: {
    /** `on` where requests share runs, else `off: ` and why they do not. */
    readonly batching: string;
    /** What it does for callers that send no tensors. */
    readonly task?: string;
    /** What the files beside the model were taken for, where no model.json says it. */
    readonly folder?: string;
    /**
     * The input of BYTES by which its items come in place of tensors, and the output that has what the model says of
     * them.
     */
    readonly items?: { readonly input: string; readonly output: string };
    /** Tensors that the server keeps for each sequence: callers neither send nor see them. */
    readonly sequence_state?: readonly { readonly input: string; readonly output: string }[];
    readonly unservable_outputs?: readonly UnservableOutput[];
  };
}

/** What a model, or one version of it, takes and gives. Rejects with 404, 503 or 504. */
export async function modelMetadata(dataPlane: DataPlane, name: string, reference?: string): Promise<ModelMetadata> {
  const { repository } = dataPlane;
  const version = repository.resolve(name, reference);
  const { sequence, ensemble } = version.config;
  const { inputs, outputs, unservable } = await dataPlane.signature(version);
  const items = itemInput(version);
  const versions = reference === undefined ? repository.versions(name).filter(({ ready }) => ready) : [version];
  return {
    name,
    versions: versions.map((served) => String(served.version)),
    platform: ensemble ? 'ensemble' : 'onnx_onnxv1',
    inputs: inputs.map(tensor),
    outputs: outputs.map(tensor),
    parameters: {
      batching: batchingWord(version),
      ...(version.taskName && { task: version.taskName }),
      ...(version.folder && { folder: version.folder }),
      ...(items !== undefined && { items: { input: items, output: predictionOutput } }),
      ...(sequence && { sequence_state: sequence.state.map(({ input, output }) => ({ input, output })) }),
      ...(unservable.length > 0 && { unservable_outputs: unservable }),
    },
  };
}

/** As the protocol has it, which knows no tensors of any rank: they show as [-1] (decision 5). */
function tensor({ name, datatype, shape }: TensorSpec): TensorSpec {
  return { name, datatype, shape };
}
