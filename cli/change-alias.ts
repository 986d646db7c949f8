import { sameTarget } from '../src/core/releases/same-target.ts';
import { targetWords } from '../src/core/releases/target-words.ts';
import { withTarget } from '../src/core/releases/with-target.ts';
import type { AliasTarget } from '../src/ports/model-store.ts';
import { changeRelease } from './change-release.ts';
import type { Releases } from './find-releases.ts';
import { targetOf } from './target-of.ts';

export interface AliasChange {
  readonly alias: string;
  /** Where it is to lead; undefined: it is to go. */
  readonly target: AliasTarget | undefined;
  /** As the audit log has it. */
  readonly action: string;
  /** The version that it is about. @default that which it is to lead to */
  readonly version?: number;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly json: boolean;
}

/**
 * Lets an alias lead elsewhere, unless somebody changed it since `releases` was read, and prints what it leads to.
 * Rejects as `changeReleases`.
 */
export async function changeAlias(releases: Releases, change: AliasChange): Promise<void> {
  const { alias, target, action, version = target?.version, json } = change;
  const { uri, store, model } = releases;
  const seen = targetOf(model, alias);
  const details = { alias, before: seen ?? null, after: target ?? null, ...change.details };
  const record = { uri, store, model: model.name, action, details, ...(version !== undefined && { version }) };
  await changeRelease(record, (before) => withTarget(before, alias, seen, target));
  if (json) console.log(JSON.stringify({ model: model.name, ...details }, null, 2));
  else if (sameTarget(seen, target))
    console.log(`alias '${alias}' of model '${model.name}' leads to ${targetWords(target)} already`);
  else
    console.log(
      `alias '${alias}' of model '${model.name}' leads to ${targetWords(target)}; before: ${targetWords(seen)}`,
    );
}
