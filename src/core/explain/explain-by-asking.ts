import { checkAsked } from '../check-asked.ts';
import { itemsInHand } from '../items-in-hand.ts';
import { Pace } from '../pace/pace.ts';
import { alikeNote } from './alike-note.ts';
import { allOf } from './all-of.ts';
import { completenessOf } from './completeness-of.ts';
import type { ExplainCall } from './explain-call.ts';
import type { Explanation } from './explanation.ts';
import type { Game } from './game.ts';
import { leftOutWords } from './left-out-words.ts';
import type { AskingMethod } from './methods.ts';
import { openPlayers } from './open-players.ts';
import type { Coalition } from './players.ts';
import { Probe } from './probe.ts';
import { openScorer } from './scorer.ts';
import { shareOut } from './share-out.ts';
import type { Shares } from './shares.ts';
import { usualMethod } from './usual-method.ts';
import { varyingPlayers } from './varying-players.ts';

/** Explains by what the model answers where parts are left out. Rejects as `explain`. */
export async function explainByAsking(asked: AskingMethod | undefined, call: ExplainCall): Promise<Explanation> {
  const { version, options, context } = call;
  const scorer = openScorer(call);
  const opened = await itemsInHand.run(() => openPlayers(call));
  const { players, spread } = varyingPlayers(opened.players);
  const probe = new Probe(call, scorer);
  const isNothingLeft = players.count === 0;
  const [everybody, nobody] = [new Uint8Array(players.count).fill(1), new Uint8Array(players.count)];
  const ends = isNothingLeft ? [everybody] : [everybody, nobody];
  const worths = async function* (coalitions: readonly Coalition[]) {
    const scored = probe.ask(coalitions, {
      make: (present) => players.inputs(present),
      where: (present) => leftOutWords(players, present),
    });
    for await (const [, score] of scored) yield score;
  };
  const [whole = 0, nothing = whole] = await allOf(worths(ends));
  const pace = new Pace();
  const game: Game = {
    players: players.count,
    whole,
    nothing,
    worth: (coalitions) => {
      probe.expect(coalitions.length * players.rows);
      return worths(coalitions);
    },
    pause: async () => {
      if (!pace.isDue) return;
      await pace.giveWay();
      checkAsked(context);
    },
  };
  const method = asked ?? usualMethod(players, version.operators, options.maxEvaluations);
  const shares: Shares = isNothingLeft ? { weights: [] } : await shareOut(method, game, players, probe, options);
  const weights = spread(shares.weights);
  const sums = method === 'kernel-shap' || method === 'shapley';
  return {
    method,
    target: { ...(scorer.output !== undefined && { output: scorer.output }), ...probe.target, of: scorer.of },
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
