import { inputLabel } from './input-label.ts';
import type { JsonScanner } from './json-scanner.ts';
import { ServiceError } from './service-error.ts';
import { wrongKind } from './wrong-kind.ts';

/** Reads the shape of an input: an array of whole numbers. */
export function scanShape(scanner: JsonScanner, name: string | undefined, index: number): readonly number[] {
  const shape: number[] = [];
  if (scanner.next() !== 0x5b) wrongKind(scanner, `${inputLabel(name, index)}: 'shape'`, 'an array of whole numbers');
  for (let more = scanner.enter(0x5d); more; more = scanner.more(0x5d)) {
    scanner.next();
    const size = scanner.wholeNumber();
    if (size < 0) wrongKind(scanner, `${inputLabel(name, index)}: 'shape'`, 'whole numbers from 0 to 999999999999999');
    shape.push(size);
    const { maxNesting } = scanner.limits;
    if (shape.length > maxNesting) {
      const label = inputLabel(name, index);
      throw new ServiceError(413, `${label}: the shape has more dimensions than maxNesting, ${maxNesting}`);
    }
  }
  return shape;
}
