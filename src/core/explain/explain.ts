import type { InferenceContext } from '../inference-context.ts';
import { itemsInHand } from '../items-in-hand.ts';
import type { ModelVersion } from '../model-version.ts';
import { completenessOf } from './completeness-of.ts';
import { explainByGradients } from './explain-by-gradients.ts';
import type { ExplainHost } from './explain-host.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Explanation } from './explanation.ts';
import type { Game } from './game.ts';
import { isGradientMethod } from './is-gradient-method.ts';
import { openPlayers } from './open-players.ts';
import { Probe } from './probe.ts';
import { refuseUseless } from './refuse-useless.ts';
import { openScorer } from './scorer.ts';
import { shareOut } from './share-out.ts';
import type { Subject } from './subject.ts';
import { targetOf } from './target.ts';
import type { TypicalInputs } from './typical-inputs.ts';
import { usualMethod } from './usual-method.ts';

/**
 * What parts of an item had which part in what a version answers to it.
 *
 * Rejects with 400 for what cannot be explained or not so, as an inference does, and with 504 once the deadline passed
 * or the caller left.
 */
export async function explain(
  host: ExplainHost,
  version: ModelVersion,
  subject: Subject,
  options: ExplainOptions,
  context: InferenceContext,
): Promise<Explanation> {
  const given = options.baseline ?? subject.baseline;
  refuseUseless({ ...options, baseline: given }, subject.tensors ? undefined : version.task?.preprocess.takes);
  const { method: asked } = options;
  const typical = await typicalOf(host, version, subject, options);
  if (asked !== undefined && isGradientMethod(asked))
    return explainByGradients(asked, host, version, { ...subject, typical }, options, context);
  const scorer = openScorer(version, options.output, subject.item !== undefined);
  const opened = await itemsInHand.run(() => openPlayers(host, version, { ...subject, typical }, options));
  const { players } = opened;
  const probe = new Probe(host.dataPlane, version, scorer, options.maxEvaluations, context);
  const [everybody, nobody] = [new Uint8Array(players.count).fill(1), new Uint8Array(players.count)];
  const [whole = [], nothing = []] = await probe.ask([() => players.inputs(everybody), () => players.inputs(nobody)]);
  const [own] = whole;
  const target = targetOf(options.target, own?.scores ?? [], scorer.labels(own?.outputs ?? []));
  const scoreOf = (scores: readonly number[]) => scores[target.index] ?? 0;
  const worthOf = (rows: typeof whole) => rows.reduce((sum, { scores }) => sum + scoreOf(scores), 0) / rows.length;
  const game: Game = {
    players: players.count,
    whole: worthOf(whole),
    nothing: worthOf(nothing),
    worth: async (coalitions) =>
      (await probe.ask(coalitions.map((present) => () => players.inputs(present)))).map(worthOf),
  };
  const method = asked ?? usualMethod(players, version.operators, options.maxEvaluations);
  const { weights, samples, fit } = await shareOut(method, game, players, probe, scoreOf, options);
  const sums = method === 'kernel-shap' || method === 'shapley';
  return {
    method,
    target: { ...(scorer.output !== undefined && { output: scorer.output }), ...target },
    value: game.whole,
    baseline: players.baseline,
    baseline_value: game.nothing,
    ...(await opened.shown(weights)),
    ...(sums && { completeness: completenessOf(weights, game.whole, game.nothing) }),
    evaluations: probe.evaluations,
    ...(fit && { seed: options.seed, samples: samples ?? 0, fit }),
  };
}

/** What stands for what is left out of tables, where the caller says nothing; undefined where nothing is known. */
async function typicalOf(
  host: ExplainHost,
  version: ModelVersion,
  { tensors, baseline: rows }: Subject,
  { baseline }: ExplainOptions,
): Promise<TypicalInputs | undefined> {
  const isTable = tensors !== undefined || version.task?.preprocess.takes === 'features';
  if (!isTable || baseline !== undefined || rows !== undefined) return undefined;
  return host.typical.of(version);
}
