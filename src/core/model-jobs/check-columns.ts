import type { JobHost } from '../../ports/job-host.ts';
import type { JobRequest } from '../../ports/job-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { chatField } from '../training/chat-field.ts';
import { isRowIndex } from '../training/is-row-index.ts';
import { namedColumns } from '../training/named-columns.ts';
import { namesOfColumns } from '../training/names-of-columns.ts';
import { usualTarget, usualTargets } from '../training/usual-target.ts';
import type { JobInput, ModelJob } from './model-job.ts';
import { optionField } from './option-field.ts';
import type { RowsTaken, TellRowsTaken } from './rows-taken.ts';

/** What is refused: an option, and what was expected of it. */
type Refusal = readonly [option: string, expected: string];

/** A file of rows. */
interface Rows {
  readonly option: string;
  readonly file: JobInput;
  readonly known: readonly string[];
  /** Those that are named to learn from. */
  readonly named: readonly string[];
  /** What is to be told, by the request or by itself. */
  readonly told: string | undefined;
}

export interface ColumnsToCheck {
  readonly host: Pick<JobHost, 'columnsOf'>;
  readonly request: JobRequest;
  readonly inputs: ModelJob['inputs'];
  readonly isFineTuning: boolean;
  readonly tellRowsTaken: TellRowsTaken;
}

/**
 * Tells of a training at once what would else be the reason of a job that failed: that its files have no column that
 * the request names, that neither says what is to be told, that it would be told by itself, or that the model does not
 * take such rows. Rejects with ServiceError 400 that names the field.
 */
export async function checkColumns({
  host,
  request: { kind, source, options },
  inputs,
  isFineTuning,
  tellRowsTaken,
}: ColumnsToCheck): Promise<void> {
  if (kind !== 'train') return;
  const { data, test, target, columns, new: network } = options;
  const fieldOf = (option: string) => optionField(option, isFineTuning);
  const model = typeof source === 'string' ? `'${source}'` : undefined;
  const taken = typeof source === 'string' ? await tellRowsTaken(source) : undefined;
  if (taken?.kind === 'files') throw refused(fieldOf('source'), noRows);
  const named = columns === undefined ? [] : namedColumns(String(columns));
  let learned: Rows | undefined;
  for (const [option, name] of Object.entries({ data, test })) {
    const file = inputs[String(name)];
    if (!file) continue;
    const known = await host.columnsOf(file, file.filename, file.ending).catch((error) => {
      if (!(error instanceof ServiceError) || error.status !== 400) throw error;
      throw new ServiceError(400, `${error.message}${formatWords(file)}`, { field: fieldOf(option), cause: error });
    });
    const told = target === undefined ? usualTarget(known) : String(target);
    const rows: Rows = { option, file, known, named, told };
    const [at, expected] =
      columnsRefusal(rows) ??
      (network === undefined
        ? undefined
        : (chatRefusal(rows, 'a new network takes a table of numbers') ??
          testRefusal(rows, learned) ??
          (network === 'cnn' ? squareRefusal(rows) : undefined))) ??
      (taken && model ? takenRefusal(rows, taken, model) : undefined) ??
      [];
    if (at !== undefined) throw refused(fieldOf(at), `${expected}; it has ${namesOfColumns(known)}`);
    learned ??= rows;
  }
}

const noRows =
  'a model that takes texts or a table: this one takes pictures or sounds, which are learned from in a folder for each class (tensorgate train), and a job has files of rows alone';

/** What is wrong with a file, whatever the model. */
function columnsRefusal({ file: { filename }, known, named, told }: Rows): Refusal | undefined {
  if (told === undefined)
    return [
      'target',
      `the column that is to be told, as '${filename}' has none of the columns ${usualTargets.join(', ')}`,
    ];
  if (!known.includes(told)) return ['target', `a column of '${filename}', which has no '${told}'`];
  const strange = named.find((name) => !known.includes(name));
  if (strange !== undefined) return ['columns', `columns of '${filename}', which has no '${strange}'`];
  if (named.includes(told)) return ['columns', `other columns than '${told}', which is what is to be told`];
  return undefined;
}

function chatRefusal({ option, told }: Rows, why: string): Refusal | undefined {
  return told === chatField ? [option, `a table, and no conversations, as ${why}`] : undefined;
}

/** What rows to measure by have not that others, which a new network learns from, have. */
function testRefusal({ option, file, known }: Rows, learned: Rows | undefined): Refusal | undefined {
  if (!learned) return undefined;
  const missing = ownColumns(learned)?.find((name) => !known.includes(name));
  return missing === undefined
    ? undefined
    : [option, `the columns that '${learned.file.filename}' has, and '${file.filename}' has no '${missing}'`];
}

/** What of a table is no picture, as a CNN takes its columns for the pixels of a square one. */
function squareRefusal(rows: Rows): Refusal | undefined {
  const { option, named } = rows;
  const count = (named.length > 0 ? named : ownColumns(rows))?.length;
  if (count === undefined || Number.isInteger(Math.sqrt(count))) return undefined;
  return [
    named.length > 0 ? 'columns' : option,
    `as many columns as a grey, square picture has pixels, for new:cnn, got ${count}`,
  ];
}

/** What of the rows a model does not take. */
function takenRefusal(rows: Rows, { kind, columns, count }: RowsTaken, model: string): Refusal | undefined {
  const { option, file, known, named, told } = rows;
  const others = named.length > 0 ? named : ownColumns(rows);
  if (kind === 'texts') {
    if (told === chatField || others === undefined || others.length === 1) return undefined;
    return others.length === 0
      ? [option, `a column beside '${told}', with the texts by which ${model} tells it`]
      : ['columns', `the one column of '${file.filename}' that has the texts, which ${model} takes`];
  }
  const chat = chatRefusal(rows, `${model} takes no texts`);
  if (chat) return chat;
  if (columns && named.length === 0) {
    if (columns.includes(told as string)) return ['target', `another column than '${told}', by which ${model} tells`];
    const missing = columns.find((name) => !known.includes(name));
    return missing === undefined
      ? undefined
      : [option, `the columns that ${model} takes, and '${file.filename}' has no '${missing}'`];
  }
  if (count === undefined || others === undefined || others.length === count) return undefined;
  return [
    named.length > 0 ? 'columns' : option,
    `${count} columns to tell '${told}' by, as ${model} takes, got ${others.length}`,
  ];
}

/** All that are learned from where none are named; undefined of JSONL, where that takes all of its rows. */
function ownColumns({ file: { filename, ending = '' }, known, told }: Rows): readonly string[] | undefined {
  if (/\.jsonl(\.gz)?$/i.test(filename + ending)) return undefined;
  return known.filter((name) => name !== told && !isRowIndex(name));
}

/** Else nobody would know why a file of another format is taken for this one. */
function formatWords({ ending }: JobInput): string {
  return ending === undefined
    ? ''
    : `. A file whose name has no ending is taken for ${ending}: upload another format by a name that ends in .csv, .tsv or .parquet`;
}

function refused(field: string, expected: string): ServiceError {
  return new ServiceError(400, `field '${field}': expected ${expected}`, { field });
}
