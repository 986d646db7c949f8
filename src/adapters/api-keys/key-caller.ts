import { matchesPattern } from '../../core/matches-pattern.ts';
import type { TokenBucket } from '../../core/token-bucket.ts';
import type { Action } from '../../ports/authorize.ts';
import { allModels, type Caller } from '../../ports/caller.ts';
import type { UsageOf } from '../../ports/usage-of.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultActions, type KeyEntry } from './key-entry.ts';
import { policyWords } from './policy-words.ts';
import { refuseOveruse } from './refuse-overuse.ts';

export interface KeyCallerOptions {
  /** What it has used; without it, what a policy says of that is not asked for. */
  readonly usageOf?: UsageOf | undefined;
  /** What lets its requests through. @default all come through */
  readonly bucket?: TokenBucket | undefined;
  /** @default the clock on the wall */
  readonly now?: (() => number) | undefined;
}

/** The caller that a policy speaks of. */
export function keyCaller(policy: KeyEntry, { usageOf, bucket, now = Date.now }: KeyCallerOptions = {}): Caller {
  const { name, models, actions = defaultActions } = policy;
  const sees = (model: string) => models === undefined || models.some((pattern) => matchesPattern(pattern, model));
  const whose = policyWords(policy);
  const words = { actions: list(actions), models: list(models ?? []) };
  const refuse = (what: string, goodFor: string, model: string | undefined) =>
    new ServiceError(403, `${whose} is not good for ${what}, but for ${goodFor}`, { caller: name, ...about(model) });
  return {
    name,
    sees,
    check(action: Action, model?: string) {
      if (!actions.includes(action)) throw refuse(`'${action}'`, words.actions, model);
      if (model !== undefined && !sees(model)) {
        const what = model === allModels ? 'this, which concerns all models' : `model '${model.slice(0, 256)}'`;
        throw refuse(what, words.models, model);
      }
      if (action === 'infer' && usageOf) refuseOveruse(policy, usageOf, now(), about(model));
    },
    take() {
      const waitMs = bucket?.take() ?? 0;
      if (waitMs > 0)
        throw new ServiceError(
          429,
          `${whose} may send ${policy.rate?.perSecond} requests a second, and sends more: come again later`,
          { retryAfterSeconds: Math.ceil(waitMs / 1000), code: 'rate_limit_exceeded', caller: name },
        );
    },
  };
}

/** What a refusal is told to be about. */
function about(model: string | undefined): { readonly model?: string } {
  return model === undefined || model === allModels ? {} : { model };
}

function list(words: readonly string[]): string {
  return words.join(', ') || 'nothing';
}
