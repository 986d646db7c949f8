import { CachingDataPlane } from '../core/caching-data-plane.ts';
import { ResponseCache } from '../core/response-cache.ts';
import type { ServiceOptions } from './create-service.ts';
import { digestBytes } from './digest-bytes.ts';

/** Makes data planes that keep answers, in `maxBytes`, of models that want that. */
export function keepAnswers(maxBytes: number): NonNullable<ServiceOptions['makeDataPlane']> {
  return (...parts) => new CachingDataPlane(new ResponseCache(maxBytes, digestBytes), ...parts);
}
