import type { DeploymentKey } from '../src/adapters/gateway-keys/deployment-key.ts';
import { nearHint } from '../src/adapters/near-hint.ts';

/** The key with this id, or else the only one with this name. */
export function findKey(nameOrId: string, keys: readonly DeploymentKey[], stage: string): DeploymentKey {
  const byId = keys.find(({ id }) => id === nameOrId);
  if (byId) return byId;
  const [key, ...others] = keys.filter(({ name }) => name === nameOrId);
  if (key && others.length > 0)
    throw new Error(
      `stage ${stage} has ${others.length + 1} keys '${nameOrId}': say which by its id, ${[key, ...others].map(({ id }) => id).join(' or ')}`,
    );
  if (key) return key;
  const names = keys.map(({ name }) => name);
  throw new Error(`no key '${nameOrId}' in stage ${stage}; ${nearHint(nameOrId, names)}`);
}
