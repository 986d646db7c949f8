import { countElements } from './count-elements.ts';
import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';
import { wrongKind } from './wrong-kind.ts';

/**
 * Reads the elements of one innermost array, from after its `[` to before its `]`; or one element where `isAlone`.
 *
 * `from` is the index of its first element; returns the index after its last. An element past the end of
 * the tensor is counted, not kept.
 */
export type ReadRow = (scanner: JsonScanner, from: number, isAlone: boolean) => number;

/**
 * Reads an input's `data`: flat, or nested as its shape says, which for a scalar is no array at all.
 *
 * Throws 400 where the counts do not agree with the shape, or it is no array of `kind` ("numbers").
 */
export function scanArray(
  scanner: JsonScanner,
  input: string,
  shape: readonly number[],
  kind: string,
  readRow: ReadRow,
): void {
  const elements = countElements(shape);
  let count = 0;
  if (scanner.next() === 0x5b) count = scanRows(scanner, input, shape, readRow);
  else if (shape.length === 0) count = readRow(scanner, 0, true);
  else wrongKind(scanner, `input '${input}': 'data'`, `an array of ${kind}`);
  if (count === elements) return;
  throw new ServiceError(400, `input '${input}': the shape [${shape}] is ${elements} elements, got ${count}`);
}

function scanRows(scanner: JsonScanner, input: string, shape: readonly number[], readRow: ReadRow): number {
  const isEmpty = shape.includes(0);
  let count = 0;

  /** Reads the array at the scanner, which lies in `depth` others. */
  const level = (depth: number): void => {
    scanner.checkNesting(depth + 1);
    let children = 0;
    if (!scanner.enter(0x5d)) {
      if (depth === 0) return;
      if (depth !== shape.length - 1 && !isEmpty) mixed();
    } else if (scanner.next() === 0x5b) {
      do {
        if (scanner.next() !== 0x5b) mixed();
        level(depth + 1);
        children += 1;
      } while (scanner.more(0x5d));
    } else {
      const from = count;
      count = readRow(scanner, from, false);
      if (scanner.more(0x5d)) scanner.fail("']'");
      if (depth === 0) return;
      children = count - from;
      if (depth !== shape.length - 1 && !isEmpty) mixed();
    }
    if (children === shape[depth]) return;
    throw new ServiceError(
      400,
      `input '${input}': the data nests as ${children} where the shape [${shape}] says ${shape[depth] ?? 'no dimension'}`,
    );
  };
  const mixed = (): never => {
    throw new ServiceError(400, `input '${input}': expected data that is flat, or nested as the shape [${shape}] says`);
  };

  level(0);
  return count;
}
