import { countElements } from './count-elements.ts';
import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';

/**
 * Reads the elements of one innermost array, from after its `[` to before its `]`.
 *
 * `from` is the index of its first element; returns the index after its last. An element past the end of
 * the tensor is counted, not kept.
 */
export type ReadRow = (scanner: JsonScanner, from: number) => number;

/** Reads a tensor's `data`: flat, or nested as its shape says. Throws 400 where the counts do not agree with the shape. */
export function scanArray(scanner: JsonScanner, input: string, shape: readonly number[], readRow: ReadRow): void {
  const elements = countElements(shape);
  let count = 0;

  const level = (depth: number): void => {
    scanner.checkNesting(depth + 1);
    scanner.take('[');
    const first = scanner.next();
    let children = 0;
    if (first === 0x5b) {
      do {
        if (scanner.next() !== 0x5b) mixed();
        level(depth + 1);
        children += 1;
      } while (scanner.more(']'));
    } else {
      const from = count;
      if (first !== 0x5d) count = readRow(scanner, from);
      children = count - from;
      scanner.take(']');
      if (depth === 0) return;
      if (depth !== shape.length - 1 && elements > 0) mixed();
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
  if (count === elements) return;
  throw new ServiceError(400, `input '${input}': the shape [${shape}] is ${elements} elements, got ${count}`);
}
