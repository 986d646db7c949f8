import { allModels } from '../../ports/caller.ts';
import { whoActs } from '../audit/who-acts.ts';
import { placeOf } from '../place-of.ts';
import { hasExpired } from './has-expired.ts';
import { keyCaller } from './key-caller.ts';
import type { KeyEntry } from './key-entry.ts';
import { openKeyFile } from './open-key-file.ts';
import { parseKeyFile } from './parse-key-file.ts';
import { policiesFile } from './policies-file.ts';
import { principalMatches } from './principal-matches.ts';

/**
 * Rejects with ServiceError 403 where the policies of a model repository in a bucket do not let the IAM principal that
 * runs this process change it so. Who has no policy, or a repository on this disk, is asked nothing more than what IAM
 * and the disk ask.
 *
 * It keeps whoever goes by these commands to what was agreed; what keeps others is IAM alone.
 *
 * @param model undefined: what concerns all models
 */
export async function checkChange(
  rootUri: string,
  action: 'push' | 'promote' | 'admin',
  model: string | undefined,
  who: typeof whoActs = whoActs,
): Promise<void> {
  if (!('s3' in placeOf(rootUri))) return;
  const text = await openKeyFile(policiesFile.of(rootUri)).read();
  const entries = text === undefined ? [] : (await parseKeyFile(text)).keys;
  if (!entries.some(hasPrincipal)) return;
  const arn = await who(rootUri, process.env);
  const entry = entries.find((each) => hasPrincipal(each) && principalMatches(each.principal ?? '', arn));
  if (!entry) return;
  if (hasExpired(entry, Date.now()))
    throw new Error(`the policy '${entry.name}' of ${arn} was over at ${entry.expires}`);
  keyCaller(entry).check(action, model ?? allModels);
}

function hasPrincipal({ principal }: KeyEntry): boolean {
  return principal !== undefined;
}
