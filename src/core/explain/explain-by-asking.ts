import { itemsInHand } from '../items-in-hand.ts';
import { alikeNote } from './alike-note.ts';
import { askedOnce } from './asked-once.ts';
import { completenessOf } from './completeness-of.ts';
import type { ExplainCall } from './explain-call.ts';
import type { Explanation } from './explanation.ts';
import { finiteScore } from './finite-score.ts';
import type { Game } from './game.ts';
import { leftOutWords } from './left-out-words.ts';
import type { AskingMethod } from './methods.ts';
import { openPlayers } from './open-players.ts';
import type { Coalition } from './players.ts';
import { Probe, type Probed } from './probe.ts';
import { openScorer } from './scorer.ts';
import { shareOut } from './share-out.ts';
import type { Shares } from './shares.ts';
import { targetOf } from './target.ts';
import { usualMethod } from './usual-method.ts';
import { varyingPlayers } from './varying-players.ts';

/** Explains by what the model answers where parts are left out. Rejects as `explain`. */
export async function explainByAsking(asked: AskingMethod | undefined, call: ExplainCall): Promise<Explanation> {
  const { version, options } = call;
  const scorer = openScorer(call);
  const opened = await itemsInHand.run(() => openPlayers(call));
  const { players, spread } = varyingPlayers(opened.players);
  const probe = new Probe(call, scorer);
  const isNothingLeft = players.count === 0;
  const [everybody, nobody] = [new Uint8Array(players.count).fill(1), new Uint8Array(players.count)];
  const ends = isNothingLeft ? [everybody] : [everybody, nobody];
  const [whole = [], nothing = whole] = await probe.ask(ends.map((present) => () => players.inputs(present)));
  const [own] = whole;
  const target = targetOf(options.target, own?.scores ?? [], scorer.labels(own?.outputs ?? []));
  const scoreOf = (scores: readonly number[]) => scores[target.index] ?? 0;
  const worthOf = (rows: readonly Probed[], present: Coalition) => {
    const sum = rows.reduce((all, { scores }) => all + scoreOf(scores), 0);
    return finiteScore(sum / rows.length, leftOutWords(players, present));
  };
  const game: Game = {
    players: players.count,
    whole: worthOf(whole, everybody),
    nothing: worthOf(nothing, nobody),
    worth: askedOnce(async (coalitions) => {
      probe.expect(coalitions.length * players.rows);
      const answers = await probe.ask(coalitions.map((present) => () => players.inputs(present)));
      return answers.map((rows, at) => worthOf(rows, coalitions[at] as Coalition));
    }),
  };
  const method = asked ?? usualMethod(players, version.operators, options.maxEvaluations);
  const shares: Shares = isNothingLeft
    ? { weights: [] }
    : await shareOut(method, game, players, probe, scoreOf, options);
  const weights = spread(shares.weights);
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
    ...(shares.fit && { seed: options.seed, samples: shares.samples ?? 0, fit: shares.fit }),
    ...(isNothingLeft && { note: alikeNote }),
  };
}
