import { countElements } from './count-elements.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { ServiceError } from './service-error.ts';

/** Holds a shape against the limit on elements. Throws 413. */
export function checkShape(name: string, shape: readonly number[], limits: DecodeLimits): void {
  const elements = countElements(shape);
  if (elements <= limits.maxElements && shape.every((size) => size <= 2 ** 31)) return;
  throw new ServiceError(
    413,
    `input '${name}': the shape [${shape}] is more than maxElements, ${limits.maxElements}; send it in parts`,
  );
}
