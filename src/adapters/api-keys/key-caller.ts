import { matchesPattern } from '../../core/matches-pattern.ts';
import type { Action } from '../../ports/authorize.ts';
import { allModels, type Caller } from '../../ports/caller.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultActions, type KeyEntry } from './key-entry.ts';

/** The caller that an entry of a file of keys speaks of. */
export function keyCaller({ name, models, actions: given = defaultActions }: KeyEntry): Caller {
  const sees = (model: string) => models === undefined || models.some((pattern) => matchesPattern(pattern, model));
  const words = { actions: list(given), models: list(models ?? []) };
  const refuse = (what: string, goodFor: string) =>
    new ServiceError(403, `the API key '${name}' is not good for ${what}, but for ${goodFor}`, { caller: name });
  return {
    name,
    sees,
    check(action: Action, model?: string) {
      if (!given.includes(action)) throw refuse(`'${action}'`, words.actions);
      if (model === undefined || sees(model)) return;
      const what = model === allModels ? 'this, which concerns all models' : `model '${model.slice(0, 256)}'`;
      throw refuse(what, words.models);
    },
  };
}

function list(words: readonly string[]): string {
  return words.join(', ') || 'nothing';
}
