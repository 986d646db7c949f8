import { Ajv, type ErrorObject } from 'ajv';
import type { ModelConfig } from '../../ports/model-store.ts';
import { nearestWord } from '../nearest-word.ts';
import { modelConfigSchema } from './model-config-schema.ts';
import { readSettings } from './read-settings.ts';

interface ConfigFile extends Partial<Omit<ModelConfig, 'versionPolicy'>> {
  readonly versionPolicy?: 'all' | { readonly latest: number } | { readonly specific: readonly number[] };
}

const validate = new Ajv({ verbose: true }).compile<ConfigFile>(modelConfigSchema);

/** A model's settings with defaults filled in, and what is wrong with the file where it does not hold. */
export async function readModelConfig(path: string, root: string): Promise<{ value: ModelConfig; problem?: string }> {
  try {
    const file = await readSettings(path, root);
    if (file === undefined) return { value: fill({}) };
    if (!validate(file)) throw new Error(explain(validate.errors ?? []));
    return { value: fill(file) };
  } catch (error) {
    return { value: fill({}), problem: `model.json: ${(error as Error).message}` };
  }
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
  const policyError = errors.find(({ keyword }) => keyword === 'oneOf');
  if (policyError) {
    return `'versionPolicy': expected "all", {"latest": n} or {"specific": [1, 2]}, got ${show(policyError.data)}`;
  }
  const error = errors[0];
  const where = error?.instancePath ? `'${error.instancePath.slice(1).replaceAll('/', '.')}'` : 'the file';
  const allowed = error?.keyword === 'enum' ? ` (${error.params.allowedValues.join(', ')})` : '';
  return `${where}: ${error?.message}${allowed}, got ${show(error?.data)}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
