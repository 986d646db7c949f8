import type { FittedText } from './fit-tokens.ts';

/** A text as its caller sent it, of one that has a prompt before it: the prompt's tokens are put around it. */
export function withoutPrompt(fitted: FittedText, prompt: string): FittedText {
  if (prompt === '') return fitted;
  const length = Array.from(prompt).length;
  return {
    ...fitted,
    text: fitted.text.slice(prompt.length),
    places: () =>
      fitted.places().map((place) => {
        if (place?.text !== 0) return place;
        const [start, end] = [Math.max(0, place.start - length), place.end - length];
        return end > 0 ? { ...place, start, end } : undefined;
      }),
  };
}
