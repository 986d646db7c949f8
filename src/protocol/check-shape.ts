import { countElements } from './count-elements.ts';
import type { Datatype } from './datatype.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { elementsOfText } from './elements-of-text.ts';
import { ServiceError } from './service-error.ts';

/** Holds a shape against the limit on elements, for which one of BYTES counts as many. Throws 413. */
export function checkShape(name: string, datatype: Datatype, shape: readonly number[], limits: DecodeLimits): void {
  const isText = datatype === 'BYTES';
  const elements = countElements(shape) * (isText ? elementsOfText : 1);
  if (elements <= limits.maxElements && shape.every((size) => size <= 2 ** 31)) return;
  const counted = isText ? ` (one of BYTES counts as ${elementsOfText})` : '';
  throw new ServiceError(
    413,
    `input '${name}': the shape [${shape}] is more than maxElements, ${limits.maxElements}${counted}; send it in parts`,
  );
}
