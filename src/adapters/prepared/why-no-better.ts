import type { FormFigures } from './form-figures.ts';

// Noise of a machine that does other things beside makes differences up to about these.
const runMargin = 1.1;
const runMarginMs = 0.05;
const readyMargin = 0.9;

/** Why a prepared form is no better than the model as it was stored; empty where it is. */
export function whyNoBetter({
  plain,
  prepared,
}: {
  readonly plain: FormFigures;
  readonly prepared: FormFigures;
}): string {
  if (prepared.runMs > plain.runMs * runMargin + runMarginMs)
    return `its runs take ${ms(prepared.runMs)}, those of the model as it is ${ms(plain.runMs)}`;
  const [before, after] = [plain, prepared].map(({ loadMs, firstRunMs }) => loadMs + firstRunMs) as [number, number];
  if (after > before * readyMargin)
    return `its first answer is there after ${ms(after)}, that of the model as it is after ${ms(before)}`;
  return '';
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}
