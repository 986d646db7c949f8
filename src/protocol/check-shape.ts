import { countElements } from './count-elements.ts';
import type { Datatype } from './datatype.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { elementsOfText } from './elements-of-text.ts';
import { ServiceError } from './service-error.ts';

/**
 * Of a tensor without elements, which costs its sender nothing: a model may still answer each of its rows. Caches of
 * decoders that are empty yet have less.
 */
const mostPlaces = 2 ** 20;

/**
 * Holds a shape against the limit on elements, for which one of BYTES counts as many, and against one on rows that have
 * none. Throws 413.
 */
export function checkShape(name: string, datatype: Datatype, shape: readonly number[], limits: DecodeLimits): void {
  const isText = datatype === 'BYTES';
  const elements = countElements(shape) * (isText ? elementsOfText : 1);
  if (elements > limits.maxElements || shape.some((size) => size > 2 ** 31)) {
    const counted = isText ? ` (one of BYTES counts as ${elementsOfText})` : '';
    throw new ServiceError(
      413,
      `input '${name}': the shape [${shape}] is more than maxElements, ${limits.maxElements}${counted}; send it in parts`,
    );
  }
  if (elements > 0 || countElements(shape.filter((size) => size > 0)) <= mostPlaces) return;
  throw new ServiceError(
    413,
    `input '${name}': the shape [${shape}] has no elements, and more than ${mostPlaces} places without any`,
  );
}
