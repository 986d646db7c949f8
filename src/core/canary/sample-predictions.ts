import type { AnswerSample } from './answer-sample.ts';

interface Found {
  readonly numbers: number[];
  readonly texts: string[];
}

const mostElements = 1024;

/**
 * What is kept of a task's predictions to compare them with others: numbers, and texts; of classes with scores, the
 * best one.
 */
export function samplePredictions(predictions: readonly unknown[]): readonly AnswerSample[] {
  const found: Found = { numbers: [], texts: [] };
  collect(predictions, found);
  const numbers = found.numbers.slice(0, mostElements);
  const texts = found.texts.slice(0, mostElements);
  return [
    { name: 'numbers', datatype: 'FP64', shape: [found.numbers.length], elements: numbers },
    { name: 'texts', datatype: 'BYTES', shape: [found.texts.length], elements: texts },
  ];
}

function collect(value: unknown, found: Found): void {
  if (typeof value === 'number') found.numbers.push(value);
  else if (typeof value === 'string' || typeof value === 'boolean') found.texts.push(String(value));
  else if (Array.isArray(value)) for (const each of areClasses(value) ? value.slice(0, 1) : value) collect(each, found);
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) if (!(key === 'score' && 'label' in value)) collect(each, found);
}

/** Classes come best first, with nothing but a label and a score. */
function areClasses(value: readonly unknown[]): boolean {
  return value.length > 0 && value.every((each) => Object.keys(each ?? {}).join() === 'label,score');
}
