import { notInJson } from '../../protocol/not-in-json.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { batchable } from '../batchable.ts';
import { checkOutput } from '../check-output.ts';
import type { DataPlane } from '../data-plane.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelSignature, ModelVersion } from '../model-version.ts';
import { noTimes } from '../no-times.ts';
import { predictTogether } from '../tasks/predict-together.ts';
import { predictionTensor } from '../tasks/prediction-tensor.ts';
import type { RecordItems } from '../tasks/record-items.ts';
import { similarities } from '../tasks/similarities.ts';
import type { Task } from '../tasks/task.ts';
import { taskNameOf } from '../tasks/task-name-of.ts';
import type { RunModel } from './run-records.ts';

/** A model as a job runs it: by the data plane, so that a record is refused in the words that a request would be. */
export class BatchModel {
  readonly version: ModelVersion;
  readonly signature: ModelSignature;
  readonly #dataPlane: DataPlane;
  readonly #signal: AbortSignal;

  private constructor(dataPlane: DataPlane, version: ModelVersion, signature: ModelSignature, signal: AbortSignal) {
    this.#dataPlane = dataPlane;
    this.version = version;
    this.signature = signature;
    this.#signal = signal;
  }

  /**
   * Loads the version that `reference` means; `signal` ends its runs. Rejects with 404 or 503, as a request would be,
   * and with 400 where it keeps state, is made of others, or goes on with text.
   */
  static async open(
    dataPlane: DataPlane,
    name: string,
    reference: string | undefined,
    signal: AbortSignal,
  ): Promise<BatchModel> {
    const version = dataPlane.repository.resolve(name, reference);
    const { sequence, ensemble } = version.config;
    if (sequence) {
      throw new ServiceError(400, `${version.label} keeps state from request to request, which a batch job has not`);
    }
    if (ensemble) {
      throw new ServiceError(
        400,
        `${version.label} is made of others: batch jobs run models that have a file of their own`,
      );
    }
    const signature = await dataPlane.signature(version);
    if (taskNameOf(version) === 'text-generation') {
      throw new ServiceError(
        400,
        `${version.label} goes on with text: send its requests as a job, POST /v1/batches with the endpoint /v1/completions or /v1/chat/completions`,
      );
    }
    return new BatchModel(dataPlane, version, signature, signal);
  }

  /**
   * What runs it for these outputs; all where there are none. Throws ServiceError 400 for one that the model cannot
   * give.
   */
  runFor(names: readonly string[]): RunModel {
    const outputs = names.map((name) => ({ name, parameters: {} }));
    for (const output of outputs) checkOutput(this.signature, output, this.#context());
    const requested = outputs.length > 0 && { outputs };
    return async (inputs) => {
      const request = { parameters: {}, inputs, ...requested };
      return (await this.#dataPlane.infer(this.version, request, this.#context())).outputs;
    };
  }

  /** What runs its task: predictions for rows that are items. */
  runTask(task: Task, { read }: RecordItems): RunModel {
    const { inputs: specs, outputs } = this.signature;
    const canShareRuns = batchable(specs, outputs, this.version.operators).possible;
    const run = this.runFor([]);
    return async (inputs) => {
      const asked = read(inputs);
      const each = await predictTogether(task, asked.items, { run, canShareRuns, context: this.#context() });
      const predictions = similarities(each, asked.counts).map(({ prediction }) => prediction);
      return [predictionTensor(predictions, [predictions.length])];
    };
  }

  #context(): InferenceContext {
    return {
      times: noTimes(),
      checkDeadline: () => this.#signal.throwIfAborted(),
      signal: () => this.#signal,
      checkOutput: ({ name, datatype }) => {
        if (datatype === 'FP16' || datatype === 'BF16') throw notInJson(name, datatype);
      },
    };
  }
}
