import type { Clock } from '../../ports/clock.ts';
import type { EnsembleConfig, EnsembleStep } from '../../ports/model-store.ts';
import type { Session } from '../../ports/session.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { DataPlane } from '../data-plane.ts';
import type { ModelSignature, ModelVersion } from '../model-version.ts';
import type { SessionCache } from '../session-cache.ts';
import { deriveSignature } from './derive-signature.ts';
import { EnsembleRun } from './ensemble-run.ts';
import { findLoop } from './find-loop.ts';
import type { Parts } from './parts.ts';
import { runPart } from './run-part.ts';
import { stepLabel } from './step-label.ts';

/** More are a slip: ensembles of ensembles double with each level whose steps share the one below. */
const mostRuns = 1000;

export interface OpenedEnsemble {
  readonly session: Session;
  readonly signature: ModelSignature;
  readonly parts: Parts;
}

export interface EnsembleHost {
  readonly dataPlane: DataPlane;
  readonly sessions: SessionCache;
  readonly clock: Clock;
}

/**
 * An ensemble, ready to run: its steps' models are there, and fit together. It runs on the versions that it was checked
 * against, which are kept for it. Rejects with an Error that says which step is not as it should be.
 */
export async function openEnsemble({ name, config }: ModelVersion, host: EnsembleHost): Promise<OpenedEnsemble> {
  const { dataPlane, clock } = host;
  const { repository } = dataPlane;
  const ensemble = config.ensemble as EnsembleConfig;
  const { steps } = ensemble;
  const loop = findLoop(name, ensemble, repository);
  if (loop) throw new Error(`its steps lead back to where they came from: ${loop.join(' → ')}`);
  const opened: OpenedSteps = { remotes: new Map(), versions: new Map(), holds: [] };
  const release = async () => {
    for (const letGo of opened.holds) letGo();
    for (const remote of opened.remotes.values()) await remote.release();
  };
  const signature = await openSteps(ensemble, host, opened).catch(async (error) => {
    await release();
    throw error;
  });
  const { remotes, versions } = opened;
  const runs = runsOf(steps, versions);
  const deviceOf = (step: EnsembleStep) => {
    const part = versions.get(step);
    // Answers that are kept are the processor's.
    return part?.config.responseCache ? undefined : part?.session?.device;
  };
  return {
    signature,
    session: {
      inputs: signature.inputs,
      outputs: signature.outputs,
      unservable: [],
      run: (run, signal) => {
        const { priority } = run;
        const runStep = runPart({ name, steps, remotes, versions, priority }, dataPlane, clock);
        return new EnsembleRun(run, steps, runStep, deviceOf).outputs(signal);
      },
      release,
    },
    parts: {
      runs,
      whyNotReady: () => {
        // Of what another server has, its answers tell.
        for (const [step, version] of versions) {
          const reason = orMessage(() => {
            repository.resolve(step.model, step.version);
            return version.whyNotReady();
          });
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

/** The models of steps, each on another server or here, as they are opened. */
interface OpenedSteps {
  readonly remotes: Map<EnsembleStep, Session>;
  readonly versions: Map<EnsembleStep, ModelVersion>;
  /** Each lets go of a version. */
  readonly holds: (() => void)[];
}

/** What the ensemble takes and gives; where it rejects, some of the steps may be opened. */
async function openSteps(
  ensemble: EnsembleConfig,
  { dataPlane, sessions }: EnsembleHost,
  { remotes, versions, holds }: OpenedSteps,
): Promise<ModelSignature> {
  const { steps } = ensemble;
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
      holds.push(sessions.holdPart(part));
      versions.set(step, part);
      signatures.set(step, await dataPlane.signature(part));
    } catch (error) {
      // Why a model of a step is not there, or does not load, the log has under that model's own name.
      const options = error instanceof ServiceError ? {} : { cause: error };
      throw new Error(`${stepLabel(steps, step)}: ${(error as Error).message}`, options);
    }
  }
  const runs = runsOf(steps, versions);
  if (runs > mostRuns)
    throw new Error(`its steps come to ${runs} runs of models, more than the ${mostRuns} that one request may begin`);
  return deriveSignature(ensemble, signatures);
}

/** Runs that steps come to, those of ensembles among them. */
function runsOf(steps: readonly EnsembleStep[], versions: ReadonlyMap<EnsembleStep, ModelVersion>): number {
  return steps.reduce((sum, step) => sum + (versions.get(step)?.parts?.runs ?? 1), 0);
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
