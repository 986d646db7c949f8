import { parseSettings } from './parse-settings.ts';

const aliasName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** The aliases of a model, and what is wrong with the file, which `read` gives if there is one, where it does not hold: `{"production": 4}` or `{"production": {"version": 4}}`. */
export async function readAliases(
  read: () => Promise<string | undefined>,
): Promise<{ value: Readonly<Record<string, number>>; problem?: string }> {
  try {
    const text = await read();
    return { value: text === undefined ? {} : parse(parseSettings(text)) };
  } catch (error) {
    return { value: {}, problem: `aliases.json: ${(error as Error).message}` };
  }
}

function parse(file: unknown): Readonly<Record<string, number>> {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new Error(`expected an object, got ${JSON.stringify(file)}`);
  }
  const value: Record<string, number> = {};
  for (const [alias, target] of Object.entries(file)) {
    if (!aliasName.test(alias)) {
      throw new Error(`'${alias}' is no alias: expected a letter, then letters, digits, '_' and '-', 64 at most`);
    }
    const version = typeof target === 'object' && target !== null ? target.version : target;
    if (!Number.isSafeInteger(version) || version < 1) {
      throw new Error(`alias '${alias}': expected a version number, got ${JSON.stringify(target)}`);
    }
    value[alias] = version;
  }
  return value;
}
