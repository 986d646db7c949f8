import type { Datatype } from '../protocol/datatype.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { ModelSignature, ModelVersion } from './model-version.ts';

/**
 * A model's configuration as Triton writes it (protobuf ModelConfig as JSON).
 *
 * `max_batch_size` is 0: shapes are given whole, batch dimension included, as Triton means by that.
 */
export function modelConfig(version: ModelVersion, signature: ModelSignature): object {
  const { versionPolicy } = version.config;
  return {
    name: version.name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    version_policy:
      versionPolicy.kind === 'latest'
        ? { latest: { num_versions: versionPolicy.count } }
        : versionPolicy.kind === 'all'
          ? { all: {} }
          : { specific: { versions: versionPolicy.versions } },
    max_batch_size: 0,
    input: signature.inputs.map(tensor),
    output: signature.outputs.map((output) => ({
      ...tensor(output),
      label_filename: version.config.labels[output.name] ?? '',
    })),
    instance_group: [{ name: version.name, kind: 'KIND_CPU', count: 1 }],
    default_model_filename: 'model.onnx',
    parameters: {},
  };
}

function tensor({ name, datatype, shape }: TensorSpec): object {
  return { name, data_type: dataType(datatype), dims: shape };
}

function dataType(datatype: Datatype): string {
  return `TYPE_${datatype === 'BYTES' ? 'STRING' : datatype}`;
}
