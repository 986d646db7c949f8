import type { Preprocess } from '../src/adapters/training/open-preprocess.ts';
import type { ReadText } from '../src/core/hugging-face/read-json-file.ts';
import { readObject } from '../src/core/hugging-face/read-object.ts';
import type { PreparedRows } from '../src/core/training/prepared-rows.ts';
import { classNames } from './class-names.ts';

/** A class of transformers by what it is for, such as `BertModel` or `ViTForImageClassification`. */
const architecture = /^(.+?)(?:Model|For[A-Z].*|LMHeadModel)$/;

/**
 * The config.json of a model with a head on it: what it is for now, and its classes. Undefined where there was none.
 */
export async function headConfig(
  readText: ReadText,
  takes: Preprocess['takes'],
  { classes, predicts }: Pick<PreparedRows, 'classes' | 'predicts'>,
): Promise<string | undefined> {
  const config = await readObject(readText, 'config.json');
  if (!config) return undefined;
  const [old] = Array.isArray(config.architectures) ? config.architectures : [];
  const [, family = 'Tensorgate'] = architecture.exec(String(old)) ?? [];
  const kind = { text: 'Sequence', file: 'Image', features: 'Tabular' }[takes];
  const what = takes === 'features' && !classes ? 'Regression' : 'Classification';
  const { id2label: _names, label2id: _ids, problem_type: _kind, ...kept } = config;
  const made = {
    ...kept,
    architectures: [`${family}For${kind}${what}`],
    problem_type: classes ? 'single_label_classification' : 'regression',
    ...classNames(classes, predicts === 'labels'),
  };
  return `${JSON.stringify(made, null, 2)}\n`;
}
