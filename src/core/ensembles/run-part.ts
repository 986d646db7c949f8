import type { Clock } from '../../ports/clock.ts';
import type { EnsembleStep } from '../../ports/model-store.ts';
import type { Session, SessionOutput } from '../../ports/session.ts';
import type { InferenceRequest, OutputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { cancelledRequest } from '../cancelled-request.ts';
import { countRows } from '../count-rows.ts';
import type { DataPlane } from '../data-plane.ts';
import type { ModelVersion } from '../model-version.ts';
import { namedTensor } from '../named-tensor.ts';
import { noTimes } from '../no-times.ts';
import type { RunStep, StepOutputs } from './ensemble-run.ts';
import { stepLabel } from './step-label.ts';

/** An ensemble whose steps are to run. */
interface Whole {
  readonly name: string;
  readonly steps: readonly EnsembleStep[];
  /** Of steps whose models are on other servers. */
  readonly remotes: ReadonlyMap<EnsembleStep, Session>;
  /** Of all others, as they were checked. */
  readonly versions: ReadonlyMap<EnsembleStep, ModelVersion>;
  /** That each step's request has. */
  readonly priority: number | undefined;
}

/**
 * What runs a step of an ensemble on its model, as a request of its own: it waits, shares runs and counts as others do;
 * or on another server.
 */
export function runPart(
  { name, steps, remotes, versions, priority }: Whole,
  dataPlane: DataPlane,
  clock: Clock,
): RunStep {
  const parameters = priority === undefined ? {} : { priority };
  return async (step, tensors, { outputs, staying }, signal) => {
    try {
      const remote = remotes.get(step);
      if (remote) {
        const [inputNames, inputs] = [[...tensors.keys()], [...tensors.values()]];
        return await remote.run({ inputNames, inputs, outputNames: outputs, ...parameters }, signal);
      }
      // The model may be unloaded, or gone; what else it serves by now was not checked, or does not fit.
      dataPlane.repository.resolve(step.model, step.version);
      const version = versions.get(step) as ModelVersion;
      const request = {
        parameters,
        inputs: [...tensors].map(([input, tensor]) => namedTensor(input, tensor)),
        outputs: outputs.map((output) => ({ name: output, parameters: {} })),
      };
      return await infer(dataPlane, clock, version, request, staying, signal);
    } catch (error) {
      // What ended all steps is told as it is.
      if (signal.aborted || !(error instanceof ServiceError)) throw error;
      const { status, message, retryAfterSeconds = 60 } = error;
      // A model that is gone is no fault of the caller's.
      throw new ServiceError(
        status === 404 ? 503 : status,
        `${stepLabel(steps, step)} of model '${name}': ${message}`,
        {
          cause: error,
          ...((status === 404 || status === 503) && { retryAfterSeconds }),
        },
      );
    }
  };
}

async function infer(
  dataPlane: DataPlane,
  clock: Clock,
  version: ModelVersion,
  request: InferenceRequest,
  staying: StepOutputs['staying'],
  signal: AbortSignal,
): Promise<readonly SessionOutput[]> {
  const started = clock.now();
  const times = noTimes();
  const checkDeadline = () => {
    if (signal.aborted) throw cancelledRequest();
  };
  try {
    const context = { times, signal: () => signal, checkDeadline, checkOutput: () => undefined, staying };
    const response = await dataPlane.infer(version, request, context);
    version.statistics.succeeded(times, version.signature ? countRows(version.signature, request) : 1);
    return response.outputs.map(asOutput);
  } catch (error) {
    version.statistics.failed(clock.now() - started, error);
    throw error;
  }
}

/** The keys of a ZipMap's columns are told in the answer's parameters. */
function asOutput(output: OutputTensor): SessionOutput {
  if (output.held) return output;
  const { name: _, parameters, ...tensor } = output;
  return typeof parameters?.keys === 'string' ? { ...tensor, keys: JSON.parse(parameters.keys) } : tensor;
}
