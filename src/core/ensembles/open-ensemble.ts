import type { Clock } from '../../ports/clock.ts';
import type { EnsembleConfig, EnsembleStep } from '../../ports/model-store.ts';
import type { Session } from '../../ports/session.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { DataPlane } from '../data-plane.ts';
import type { ModelSignature, ModelVersion } from '../model-version.ts';
import { deriveSignature } from './derive-signature.ts';
import { EnsembleRun } from './ensemble-run.ts';
import { findLoop } from './find-loop.ts';
import type { Parts } from './parts.ts';
import { runPart } from './run-part.ts';
import { stepLabel } from './step-label.ts';

export interface OpenedEnsemble {
  readonly session: Session;
  readonly signature: ModelSignature;
  readonly parts: Parts;
}

/**
 * An ensemble, ready to run: its steps' models are there, and fit together. Rejects with an Error that says which step
 * is not as it should be.
 */
export async function openEnsemble(
  { name, config }: ModelVersion,
  dataPlane: DataPlane,
  clock: Clock,
): Promise<OpenedEnsemble> {
  const { repository } = dataPlane;
  const ensemble = config.ensemble as EnsembleConfig;
  const { steps } = ensemble;
  const loop = findLoop(name, ensemble, repository);
  if (loop) throw new Error(`its steps lead back to where they came from: ${loop.join(' → ')}`);
  const { remotes, versions, signatures } = await openSteps(steps, dataPlane);
  const signature = deriveSignature(ensemble, signatures);
  const deviceOf = (step: EnsembleStep) => {
    const part = versions.has(step) ? orMessage(() => repository.resolve(step.model, step.version)) : '';
    // Answers that are kept are the processor's.
    return typeof part === 'string' || part.config.responseCache ? undefined : part.session?.device;
  };
  return {
    signature,
    session: {
      inputs: signature.inputs,
      outputs: signature.outputs,
      unservable: [],
      run: (run, signal) =>
        new EnsembleRun(run, steps, runPart({ name, steps, remotes }, dataPlane, clock), deviceOf).outputs(signal),
      release: async () => {
        for (const remote of remotes.values()) await remote.release();
      },
    },
    parts: {
      whyNotReady: () => {
        // Of what another server has, its answers tell.
        for (const step of versions.keys()) {
          const reason = orMessage(() => repository.resolve(step.model, step.version).whyNotReady());
          if (reason !== undefined) return `${stepLabel(steps, step)} of model '${name}': ${reason}`;
        }
        return undefined;
      },
      areSame: () =>
        [...versions].every(([step, version]) => {
          const part = orMessage(() => repository.resolve(step.model, step.version));
          return typeof part === 'string' || part === version;
        }),
    },
  };
}

/** The models of steps, each on another server or here, and what they take and give. */
interface OpenedSteps {
  readonly remotes: ReadonlyMap<EnsembleStep, Session>;
  readonly versions: ReadonlyMap<EnsembleStep, ModelVersion>;
  readonly signatures: ReadonlyMap<EnsembleStep, ModelSignature>;
}

async function openSteps(steps: readonly EnsembleStep[], dataPlane: DataPlane): Promise<OpenedSteps> {
  const remotes = new Map<EnsembleStep, Session>();
  const versions = new Map<EnsembleStep, ModelVersion>();
  const signatures = new Map<EnsembleStep, ModelSignature>();
  for (const step of steps) {
    try {
      if (step.server !== undefined) {
        const remote = await dataPlane.openRemoteModel(step.server, step.model, step.version);
        remotes.set(step, remote);
        signatures.set(step, { ...remote, labels: new Map() });
        continue;
      }
      const part = dataPlane.repository.resolve(step.model, step.version);
      if (part.config.sequence) throw new Error('it keeps state for sequences of requests, which a step cannot name');
      versions.set(step, part);
      signatures.set(step, await dataPlane.signature(part));
    } catch (error) {
      // Why a model of a step is not there, or does not load, the log has under that model's own name.
      const options = error instanceof ServiceError ? {} : { cause: error };
      throw new Error(`${stepLabel(steps, step)}: ${(error as Error).message}`, options);
    }
  }
  return { remotes, versions, signatures };
}

/** What `ask` gives, or the message of its refusal. */
function orMessage<T>(ask: () => T): T | string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ServiceError) return error.message;
    throw error;
  }
}
