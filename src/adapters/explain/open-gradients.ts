import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versionLabel } from '../../core/version-label.ts';
import { featureMaps } from '../../graph/gradient/feature-maps.ts';
import { type InputGradientGraph, inputGradientGraph } from '../../graph/gradient/input-gradient-graph.ts';
import { NoGradientError } from '../../graph/gradient/no-gradient-error.ts';
import { tokenVectors } from '../../graph/gradient/token-vectors.ts';
import type { OnnxModel } from '../../graph/onnx-model.ts';
import type { GradientAsk, Gradients, GradientWish, OpenGradients } from '../../ports/gradients.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { OpenSession, Session } from '../../ports/session.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { openOnnxModel } from '../onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../onnx-files/write-onnx-model.ts';
import { digestOfVersion } from './digest-of-version.ts';
import { findFloatParent } from './find-float-parent.ts';

/** Values of the graph that a message names. */
const mostLayers = 10;

/** A graph that may have gradients, but no maps to take them by. */
class NoMapsError extends NoGradientError {}

export interface GradientHost {
  readonly store: ModelStore;
  readonly open: OpenSession;
  /** Threads of one run. */
  readonly intraOpThreads: number;
}

/** A version that gradients are taken of. */
interface Source {
  readonly name: string;
  readonly version: number;
  /** Of its files: of others no gradients are taken. */
  readonly digest: string;
  /** What to say where they are others. */
  readonly changed: ServiceError;
}

/**
 * Makes the graph that gives a model's gradients, writes it beside nothing else, and loads it. Where the model itself
 * has none, as one that is quantized, it is made of the float model that its manifest says it came from.
 */
export function openGradients(host: GradientHost): OpenGradients {
  return async (wish) => {
    const { store } = host;
    const { model: name, version, digest } = wish;
    try {
      const own = await opened(host, wish, { name, version, digest, changed: overwritten(name, version) });
      return { ...own, isStill: async () => true };
    } catch (error) {
      if (!(error instanceof NoGradientError)) throw error;
      const parent = await findFloatParent(store, name, version);
      const why = error.reason;
      if (!parent) throw noGradients(wish, why, error);
      if (parent.gone !== undefined) throw noGradients(wish, `${why}, and ${parent.gone}`, error);
      const label = `${parent.name}@${parent.version}`;
      const note = `${name}@${version} has no gradients (${why}): these, and the scores, are of ${label}, which it was made from`;
      const changed = noGradients(wish, `${why}, and ${parent.changed}`, error);
      const gradients = await opened(host, wish, { ...parent, changed }).catch((cause) => {
        throw cause instanceof NoGradientError ? noGradients(wish, why, cause) : cause;
      });
      return { ...gradients, note };
    }
  };
}

function noGradients({ model, version }: GradientWish, why: string, cause: Error): ServiceError {
  const lacks = cause instanceof NoMapsError ? why : `no gradients: ${why}`;
  const byInputs =
    cause instanceof NoMapsError
      ? 'integrated-gradients and gradient-x-input go by inputs of floats, where the operators have gradients; '
      : '';
  const advice = `${byInputs}the methods kernel-shap, shapley, lime and occlusion take any model`;
  return new ServiceError(400, `${versionLabel(model, version)} has ${lacks}; ${advice}`, {
    cause,
    field: 'method',
  });
}

/** What is to be said of gradients of a version whose files are others than those that it answers by. */
function overwritten(model: string, version: number): ServiceError {
  const way = `POST /v2/repository/models/${model}/load takes them in; kernel-shap, lime and occlusion ask what answers`;
  return new ServiceError(
    409,
    `the files of ${versionLabel(model, version)} have changed since it was loaded, and its gradients would be of other weights than those that answer: ${way}`,
    { field: 'method' },
  );
}

async function opened(
  { store, open, intraOpThreads }: GradientHost,
  { by, output, isMeanOfRows }: GradientWish,
  { name, version, digest, changed }: Source,
): Promise<Gradients> {
  const isStill = async () => (await digestOfVersion(store, name, version)) === digest;
  // Also before: what is half written is no model.
  if (!(await isStill())) throw changed;
  const { path, release } = await store.fetch(name, version);
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-gradients-'));
  try {
    const model = await openOnnxModel(path);
    const value = valueFor(model, by);
    const graph = inputGradientGraph(model, {
      output: ownOutput(model, output),
      by: value,
      isScaled: by.kind === 'tokens',
      isMeanOfRows,
    });
    const [file, ...more] = await writeOnnxModel(graph.model, join(folder, 'model.onnx'));
    let bytes = 0;
    for (const each of [file as string, ...more]) bytes += (await stat(each)).size;
    if (!(await isStill())) throw changed;
    const session = await open(join(folder, 'model.onnx'), { intraOpThreads });
    return {
      version: `${name}@${version}`,
      scores: graph.scores,
      of: model.graph.outputs.some(({ name }) => name === graph.scores) ? 'output' : 'logits',
      by: value,
      bytes,
      run: (ask, signal) => run(session, graph, ask, signal),
      isStill,
      release: () => session.release(),
    };
  } finally {
    release?.();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A model that another was made from may call its output otherwise. */
function ownOutput({ graph }: OnnxModel, asked: string | undefined): string | undefined {
  return asked !== undefined && graph.nodes.some(({ outputs }) => outputs.includes(asked)) ? asked : undefined;
}

function valueFor(model: OnnxModel, by: GradientWish['by']): string {
  if (by.kind === 'input') return by.name;
  if (by.kind === 'layer' && by.name !== undefined) checkLayer(model, by.name);
  const found = by.kind === 'tokens' ? tokenVectors(model, by.name) : (by.name ?? featureMaps(model)[0]);
  if (found !== undefined) return found;
  if (by.kind === 'layer') throw new NoMapsError('no convolution, whose maps Grad-CAM looks at');
  throw new NoGradientError(`expected a table of floats that '${by.name}' is looked up in, and the graph has none`);
}

/** Throws 400 for what is no value of the graph, with the maps of convolutions, the last first, or else other values. */
function checkLayer(model: OnnxModel, asked: string): void {
  const layers = model.graph.nodes.flatMap(({ outputs }) => outputs);
  if (layers.includes(asked)) return;
  const maps = featureMaps(model);
  const told = (maps.length > 0 ? maps : layers.toReversed()).slice(0, mostLayers);
  throw new ServiceError(
    400,
    `parameter 'layer': expected a value of the graph, such as ${told.map((name) => `'${name}'`).join(', ')}, got '${asked.slice(0, 100)}'`,
    { field: 'layer' },
  );
}

async function run(
  session: Session,
  graph: InputGradientGraph,
  { inputs, target, scale }: GradientAsk,
  signal: AbortSignal,
) {
  const feeds = new Map<string, InputTensor>(inputs.map((tensor) => [tensor.name, tensor]));
  const place = new Uint8Array(BigInt64Array.of(BigInt(target)).buffer);
  feeds.set(graph.target, { name: graph.target, datatype: 'INT64', shape: [1], data: place });
  if (graph.scale !== undefined && scale) {
    const data = new Uint8Array(Float32Array.from(scale).buffer);
    feeds.set(graph.scale, { name: graph.scale, datatype: 'FP32', shape: [scale.length, 1, 1], data });
  }
  const inputNames = session.inputs.map(({ name }) => name);
  const outputNames = [graph.score, graph.gradient, ...(graph.value === undefined ? [] : [graph.value])];
  const given = inputNames.map((name) => {
    const tensor = feeds.get(name);
    if (tensor) return tensor;
    throw new ServiceError(400, `the gradients take an input '${name}', which the item does not fill`);
  });
  const [score, gradient, value] = (await session.run(
    { inputs: given, inputNames, outputNames },
    signal,
  )) as FixedTensor[];
  const { data } = score as FixedTensor;
  return {
    scores: [...new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4)],
    gradient: gradient as FixedTensor,
    ...(value && { value }),
  };
}
