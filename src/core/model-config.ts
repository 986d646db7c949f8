import type { EnsembleConfig, ModelConfig, QueuePolicy, SequenceConfig } from '../ports/model-store.ts';
import type { Datatype } from '../protocol/datatype.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import { mostRows } from './batching/most-rows.ts';
import { batchingWord } from './batching-word.ts';
import type { ModelSignature, ModelVersion } from './model-version.ts';

/**
 * A model's configuration as Triton writes it (protobuf ModelConfig as JSON).
 *
 * Where requests share runs, `max_batch_size` says how large they may be, and shapes are without the dimension of the
 * rows; else it is 0, and shapes are given whole: as Triton means by these.
 */
export function modelConfig(version: ModelVersion, signature: ModelSignature): object {
  const { versionPolicy, sequence, ensemble } = version.config;
  const { isOn } = version.batching;
  return {
    name: version.name,
    platform: ensemble ? 'ensemble' : 'onnxruntime_onnx',
    backend: ensemble ? '' : 'onnxruntime',
    version_policy:
      versionPolicy.kind === 'latest'
        ? { latest: { num_versions: versionPolicy.count } }
        : versionPolicy.kind === 'all'
          ? { all: {} }
          : { specific: { versions: versionPolicy.versions } },
    max_batch_size: isOn ? mostRows(version.config.batching) : 0,
    input: signature.inputs.map((input) => tensor(input, isOn)),
    output: signature.outputs.map((output) => ({
      ...tensor(output, isOn),
      label_filename: version.config.labels[output.name] ?? '',
    })),
    instance_group: ensemble ? [] : [instanceGroup(version)],
    response_cache: { enable: version.config.responseCache },
    ...(isOn ? { dynamic_batching: dynamicBatching(version.config) } : {}),
    ...(sequence ? { sequence_batching: sequenceBatching(sequence, version) } : {}),
    ...(ensemble ? { ensemble_scheduling: ensembleScheduling(ensemble) } : {}),
    default_model_filename: ensemble ? '' : 'model.onnx',
    parameters: { batching: { string_value: batchingWord(version) } },
  };
}

function tensor({ name, datatype, shape }: TensorSpec, isWithoutRows: boolean): object {
  return { name, data_type: dataType(datatype), dims: isWithoutRows ? shape.slice(1) : shape };
}

function instanceGroup({ name, device, config: { runsAtOnce } }: ModelVersion): object {
  const [, gpu] = /^cuda:(\d+)$/.exec(device ?? '') ?? [];
  const place = gpu === undefined ? { kind: 'KIND_CPU', gpus: [] } : { kind: 'KIND_GPU', gpus: [Number(gpu)] };
  return { name, count: runsAtOnce || 1, ...place };
}

function dynamicBatching({ batching, queue }: ModelConfig): object {
  return {
    preferred_batch_size: batching.preferredBatchSizes,
    max_queue_delay_microseconds: Math.round(batching.maxQueueDelayMs * 1000),
    priority_levels: queue.priorityLevels,
    default_priority_level: queue.priorityLevels > 0 ? queue.defaultPriority : 0,
    default_queue_policy: queuePolicy(queue),
    priority_queue_policy: Object.fromEntries(
      Object.entries(queue.priorities).map(([priority, policy]) => [priority, queuePolicy({ ...queue, ...policy })]),
    ),
  };
}

function ensembleScheduling({ steps }: EnsembleConfig): object {
  return {
    step: steps.map(({ model, version, inputs, outputs }) => ({
      model_name: model,
      // -1 is whichever its settings say; an alias has no number of its own.
      model_version: Number(version) || -1,
      input_map: inputs,
      output_map: outputs,
    })),
  };
}

function sequenceBatching({ state, idleTimeoutMs, maxSequences }: SequenceConfig, { session }: ModelVersion): object {
  return {
    max_sequence_idle_microseconds: idleTimeoutMs * 1000,
    oldest: { max_candidate_sequences: maxSequences },
    state: state.map(({ input, output }) => {
      // Known while it is loaded.
      const spec = session?.inputs.find(({ name }) => name === input);
      return {
        input_name: input,
        output_name: output,
        ...(spec && { data_type: dataType(spec.datatype), dims: spec.shape }),
      };
    }),
  };
}

function queuePolicy({ timeoutAction, timeoutMs, maxSize }: QueuePolicy): object {
  return {
    timeout_action: timeoutAction === 'reject' ? 'REJECT' : 'DELAY',
    default_timeout_microseconds: Math.round(timeoutMs * 1000),
    // A request may name a shorter one than the model's, never a longer.
    allow_timeout_override: true,
    max_queue_size: maxSize,
  };
}

function dataType(datatype: Datatype): string {
  return `TYPE_${datatype === 'BYTES' ? 'STRING' : datatype}`;
}
