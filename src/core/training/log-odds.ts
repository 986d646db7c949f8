/**
 * By the logits of a row, for each class the logarithm of how much more likely it is than all others together. It ranks
 * rows as their probabilities do, but where these have rounded to 1 too, and of two classes the one is the other's
 * negative.
 */
export function logOdds(logits: readonly number[]): readonly number[] {
  const most = Math.max(...logits);
  const best = logits.indexOf(most);
  const others = logits.filter((_logit, at) => at !== best);
  const second = Math.max(...others);
  const sumBeside = (largest: number) => others.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  // Without the best, and beside it.
  const rest = second + Math.log(sumBeside(second));
  const small = sumBeside(most);
  return logits.map((logit, at) =>
    at === best ? logit - rest : logit - (most + Math.log1p(small - Math.exp(logit - most))),
  );
}
