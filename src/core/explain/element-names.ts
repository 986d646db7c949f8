import { categoryField } from '../tasks/category-field.ts';
import type { TaskColumn } from '../tasks/step.ts';

/** What the elements of an input are called: by the columns that fill it, or where none do, by their places in it. */
export function elementNames(input: string, count: number, columns: readonly TaskColumn[]): readonly string[] {
  const placesIn = (name: string) => Array.from({ length: count }, (_item, at) => `${name}[${at}]`);
  const own = columns.filter((column) => column.input === input);
  if (own.length === 0) return placesIn(input);
  return own.flatMap(({ name, shape, texts }) => {
    if (texts) return texts.map((text) => categoryField(name, text));
    return shape.length === 0 ? name : placesIn(name);
  });
}
