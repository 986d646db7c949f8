import { readFile } from 'node:fs/promises';
import { Ajv, type ErrorObject } from 'ajv';
import type { ModelConfig } from '../../ports/model-store.ts';
import { nearestWord } from '../nearest-word.ts';
import { modelConfigSchema } from './model-config-schema.ts';

interface ConfigFile extends Partial<Omit<ModelConfig, 'versionPolicy'>> {
  readonly versionPolicy?: 'all' | { readonly latest: number } | { readonly specific: readonly number[] };
}

const validate = new Ajv({ verbose: true }).compile<ConfigFile>(modelConfigSchema);

/** A model's settings with defaults filled in, and what is wrong with the file where it does not hold. */
export async function readModelConfig(path: string): Promise<{ value: ModelConfig; problem?: string }> {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return { value: fill({}), problem: `model.json is not JSON: ${(error as Error).message}` };
  }
  if (validate(file)) return { value: fill(file) };
  return { value: fill({}), problem: `model.json: ${explain(validate.errors ?? [])}` };
}

function fill({ versionPolicy, ...file }: ConfigFile): ModelConfig {
  return {
    versionPolicy: policy(versionPolicy),
    load: file.load ?? 'start',
    pinned: file.pinned ?? false,
    intraOpThreads: file.intraOpThreads ?? 0,
    warmupShapes: file.warmupShapes ?? {},
    labels: file.labels ?? {},
  };
}

function policy(given: ConfigFile['versionPolicy'] = { latest: 1 }): ModelConfig['versionPolicy'] {
  if (given === 'all') return { kind: 'all' };
  if ('latest' in given) return { kind: 'latest', count: given.latest };
  return { kind: 'specific', versions: given.specific };
}

function explain(errors: readonly ErrorObject[]): string {
  const unknown = errors.find((error) => error.keyword === 'additionalProperties' && error.instancePath === '');
  if (unknown) {
    const key = String(unknown.params.additionalProperty);
    const known = Object.keys(modelConfigSchema.properties);
    const near = nearestWord(key, known);
    return `unknown key '${key}'${near ? `; did you mean '${near}'?` : `; the keys are ${known.join(', ')}`}`;
  }
  const error = errors[0];
  if (error?.instancePath.startsWith('/versionPolicy')) {
    return `'versionPolicy': expected "all", {"latest": n} or {"specific": [1, 2]}`;
  }
  const where = error?.instancePath ? `'${error.instancePath.slice(1).replaceAll('/', '.')}'` : 'the whole';
  const allowed = error?.keyword === 'enum' ? ` (${error.params.allowedValues.join(', ')})` : '';
  return `${where}: ${error?.message}${allowed}, got ${JSON.stringify(error?.data)}`;
}
