import type { StoredModel } from '../../ports/model-store.ts';
import type { TaskName } from '../../ports/task.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { architectures } from '../hugging-face/architectures.ts';
import { readObject } from '../hugging-face/read-object.ts';
import { taskOfArchitecture } from '../hugging-face/task-of-architecture.ts';
import type { ModelRepository } from '../model-repository.ts';
import { selectVersions } from '../select-versions.ts';

/** What a stored model takes for a row, as far as that is known without loading it. */
export interface RowsTaken {
  readonly kind: 'texts' | 'files' | 'table';
  /** Of a table, the columns by their names. */
  readonly columns?: readonly string[];
  /** Of a table, how many columns there are. */
  readonly count?: number;
}

/** Tells of a model of the repository, such as fraud or fraud@3; undefined where nothing is known. */
export type TellRowsTaken = (source: string) => Promise<RowsTaken | undefined>;

/** By what the names of tasks begin with. */
const kinds: readonly (readonly [task: RegExp, kind: RowsTaken['kind']])[] = [
  [/^tabular-/, 'table'],
  [/^(text-classification|token-classification|feature-extraction)$/, 'texts'],
  [/^(image|audio|object)-/, 'files'],
];

/**
 * What a model takes for a row: by the config.json beside it, as a training goes by that, and by its inputs, where it
 * was loaded here before. What is broken, the training tells.
 */
export function rowsTakenBy(
  models: Pick<ModelRepository, 'names' | 'stored' | 'versions' | 'readText'>,
): TellRowsTaken {
  return async (source) => {
    const [name = '', reference] = source.split('@');
    const version = models.names().includes(name) ? versionOf(models.stored(name), reference) : undefined;
    if (version === undefined) return undefined;
    const inputs = models.versions(name).find((each) => each.version === version)?.signature?.inputs;
    const readText = (file: string) => models.readText(name, version, file);
    const config = await readObject(readText, 'config.json').catch(() => ({}));
    if (!config) return tableOf(inputs);
    const { architectures: classes, columns } = config as Readonly<Record<string, unknown>>;
    const kind = kindOf(String(Array.isArray(classes) ? classes[0] : ''), inputs);
    if (kind !== 'table') return kind && { kind };
    const isNames = Array.isArray(columns) && columns.every((column) => typeof column === 'string');
    return isNames ? { kind, columns, count: columns.length } : (tableOf(inputs) ?? { kind });
  };
}

/** The version that a job is made of, which the command finds again. */
function versionOf(model: StoredModel, reference = 'production'): number | undefined {
  const { aliases, versions } = model;
  if (Object.hasOwn(aliases, reference)) return aliases[reference]?.version;
  return reference === 'production'
    ? selectVersions(model).at(-1)
    : versions.find((version) => String(version) === reference);
}

/**
 * Undefined where a class has several kinds, by inputs that are not known; those of pictures and sounds that end in
 * `Model` are no texts.
 */
function kindOf(architecture: string, inputs: readonly TensorSpec[] | undefined): RowsTaken['kind'] | undefined {
  const tasks: readonly (TaskName | undefined)[] = inputs
    ? [taskOfArchitecture(architecture, inputs)]
    : architectures.flatMap(([end, , task]) =>
        end.test(architecture) ? [task === 'feature-extraction' ? undefined : task] : [],
      );
  const found = new Set(tasks.map((task) => kinds.find(([names]) => names.test(task ?? ''))?.[1]));
  return found.size === 1 ? [...found][0] : undefined;
}

/** Rows of one input of numbers are those of a table, where nothing says otherwise. */
function tableOf(inputs: readonly TensorSpec[] | undefined): RowsTaken | undefined {
  const [input, another] = inputs ?? [];
  if (input?.datatype !== 'FP32' || input.shape.length !== 2 || another) return undefined;
  const [, count = -1] = input.shape;
  return count < 0 ? { kind: 'table' } : { kind: 'table', count };
}
