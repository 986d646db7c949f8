import type { Clock } from '../ports/clock.ts';
import type { InferenceRequest, InferenceResponse } from '../protocol/inference.ts';
import { DataPlane } from './data-plane.ts';
import { hasTexts } from './generation/infer-texts.ts';
import type { InferenceContext } from './inference-context.ts';
import type { ModelVersion } from './model-version.ts';
import type { ResponseCache } from './response-cache.ts';
import { hasItems } from './tasks/infer-items.ts';

/** A data plane that answers again what it was asked before, of models whose settings want that. */
export class CachingDataPlane extends DataPlane {
  readonly responseCache: ResponseCache;
  readonly #clock: Clock;

  constructor(cache: ResponseCache, ...parts: ConstructorParameters<typeof DataPlane>) {
    super(...parts);
    this.responseCache = cache;
    this.#clock = parts[3];
  }

  override async infer(
    version: ModelVersion,
    request: InferenceRequest,
    context: InferenceContext,
  ): Promise<InferenceResponse> {
    // Of items what is kept is the answers of their runs: what becomes of those is asked for by parameters, which are
    // no part of the key. Texts are not kept: how they are made is asked for by parameters too.
    const isKept = version.config.responseCache && !context.isMadeUp;
    if (!isKept || hasItems(version, request.inputs) || hasTexts(version, request.inputs))
      return super.infer(version, request, context);
    const { times } = context;
    const started = this.#clock.now();
    const key = this.responseCache.keyOf(version, request);
    const outputs = this.responseCache.get(key);
    if (outputs) {
      // The form of the answer is no part of the key.
      for (const output of outputs) context.checkOutput(output);
      times.cache = { isHit: true, ms: this.#clock.now() - started };
      const { id } = request;
      return {
        modelName: version.name,
        modelVersion: String(version.version),
        ...(id !== undefined && { id }),
        outputs,
      };
    }
    const lookedUp = this.#clock.now();
    const response = await super.infer(version, request, context);
    const answered = this.#clock.now();
    this.responseCache.put(key, response.outputs);
    times.cache = { isHit: false, ms: lookedUp - started + this.#clock.now() - answered };
    return response;
  }
}
