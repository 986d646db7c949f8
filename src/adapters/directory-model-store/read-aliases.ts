import { readFile } from 'node:fs/promises';

const aliasName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** The aliases of a model, and what is wrong with the file where it does not hold: `{"production": 4}` or `{"production": {"version": 4}}`. */
export async function readAliases(
  path: string,
): Promise<{ value: Readonly<Record<string, number>>; problem?: string }> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  const value: Record<string, number> = {};
  try {
    const file = JSON.parse(text) as unknown;
    if (typeof file !== 'object' || file === null || Array.isArray(file)) throw new Error('expected an object');
    for (const [alias, target] of Object.entries(file)) {
      const version =
        typeof target === 'object' && target !== null ? (target as { version?: unknown }).version : target;
      if (!aliasName.test(alias))
        throw new Error(`'${alias}' is no alias: expected a letter, then letters, digits, '_' and '-'`);
      if (!Number.isSafeInteger(version) || (version as number) < 1) {
        throw new Error(`alias '${alias}': expected a version number, got ${JSON.stringify(version)}`);
      }
      value[alias] = version as number;
    }
    return { value };
  } catch (error) {
    return { value: {}, problem: `aliases.json: ${(error as Error).message}` };
  }
}
