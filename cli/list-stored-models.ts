import { readOnnx } from '../src/adapters/onnx-files/read-onnx.ts';
import { collectInParallel } from '../src/core/batch/collect-in-parallel.ts';
import { stepLabel } from '../src/core/ensembles/step-label.ts';
import { selectVersions } from '../src/core/select-versions.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { withoutLabel } from '../src/core/without-label.ts';
import type { EnsembleConfig, ModelStore, StoredModel } from '../src/ports/model-store.ts';
import type { ListedModel } from './listed-model.ts';

// Of a bucket, each is fetched into the cache for that.
const versionsAtOnce = 4;

/**
 * The versions in a repository, and what keeps each from being served as far as its files tell; also what lies where
 * none can be.
 */
export async function listStoredModels(store: ModelStore): Promise<readonly ListedModel[]> {
  const models = await store.list();
  const rows = models.flatMap((model) => [
    ...model.versions.map((version) => () => row(store, model, version)),
    ...misplacedIn(model).map((reason) => async () => ({ name: model.name, state: 'UNAVAILABLE', reason })),
  ]);
  return collectInParallel(rows, versionsAtOnce, (row) => row());
}

/** Where there are no versions, no other row tells what is wrong with the settings either. */
function misplacedIn({ versions, misplaced, problem }: StoredModel): readonly string[] {
  const isTold = versions.length > 0 || problem === undefined || problem === misplaced.join('; ');
  return isTold ? misplaced : [problem, ...misplaced];
}

async function row(store: ModelStore, model: StoredModel, version: number): Promise<ListedModel> {
  const problem = model.problem ?? (await findProblem(store, model, version));
  return {
    name: model.name,
    version: String(version),
    state: problem === undefined ? 'WHOLE' : 'UNAVAILABLE',
    reason: problem ?? (selectVersions(model).includes(version) ? '' : 'the version policy chooses others'),
    aliases: Object.keys(model.aliases).filter((alias) => model.aliases[alias]?.version === version),
  };
}

async function findProblem(store: ModelStore, model: StoredModel, version: number): Promise<string | undefined> {
  if (selectVersions(model).length === 0) return 'its version policy serves none of the versions that there are';
  const { ensemble } = model.config;
  if (ensemble) return findMissingPart(store, ensemble);
  try {
    const { path, release } = await store.fetch(model.name, version);
    const { opsets } = await readOnnx(path).finally(release);
    // Some of what is no model at all is well-formed.
    return Object.keys(opsets).length > 0 ? undefined : 'model.onnx is no ONNX model: it names no opset';
  } catch (error) {
    return withoutLabel((error as Error).message, versionLabel(model.name, version));
  }
}

/** Whether types and shapes fit shows where its parts are loaded. */
async function findMissingPart(store: ModelStore, { steps }: EnsembleConfig): Promise<string | undefined> {
  for (const step of steps) {
    const part = await store.find(step.model);
    if (!part) return `${stepLabel(steps, step)}: there is no model '${step.model}'`;
    if (part.problem !== undefined) return `${stepLabel(steps, step)}: ${part.problem}`;
  }
  return undefined;
}
