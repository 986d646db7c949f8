import type { JobHost } from '../../ports/job-host.ts';
import type { JobRequest } from '../../ports/job-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { namedColumns } from '../training/named-columns.ts';
import { namesOfColumns } from '../training/names-of-columns.ts';
import { usualTarget, usualTargets } from '../training/usual-target.ts';
import type { JobInput, ModelJob } from './model-job.ts';
import { optionField } from './option-field.ts';

/**
 * Tells of a training at once what would else be the reason of a job that failed: that its files have no column that
 * the request names, that neither says what is to be told, or that it would be told by itself. Rejects with
 * ServiceError 400 that names the field.
 */
export async function checkColumns(
  host: Pick<JobHost, 'columnsOf'>,
  { kind, options }: JobRequest,
  inputs: ModelJob['inputs'],
  isFineTuning: boolean,
): Promise<void> {
  if (kind !== 'train') return;
  const { data, test, target, columns } = options;
  const named = columns === undefined ? [] : namedColumns(String(columns));
  for (const [option, name] of Object.entries({ data, test })) {
    const file = inputs[String(name)];
    if (!file) continue;
    const known = await host.columnsOf(file, file.filename, file.ending).catch((error) => {
      if (!(error instanceof ServiceError) || error.status !== 400) throw error;
      throw new ServiceError(400, `${error.message}${formatWords(file)}`, {
        field: optionField(option, isFineTuning),
        cause: error,
      });
    });
    const refusal = (option: string, expected: string) => refused(optionField(option, isFineTuning), expected, known);
    if (target !== undefined && !known.includes(String(target)))
      throw refusal('target', `a column of '${file.filename}', which has no '${target}'`);
    if (target === undefined && usualTarget(known) === undefined)
      throw refusal(
        'target',
        `the column that is to be told, as '${file.filename}' has none of the columns ${usualTargets.join(', ')}`,
      );
    const strange = named.find((name) => !known.includes(name));
    if (strange !== undefined) throw refusal('columns', `columns of '${file.filename}', which has no '${strange}'`);
    const told = String(target ?? usualTarget(known));
    if (named.includes(told)) throw refusal('columns', `other columns than '${told}', which is what is to be told`);
  }
}

/** Else nobody would know why a file of another format is taken for this one. */
function formatWords({ ending }: JobInput): string {
  return ending === undefined
    ? ''
    : `. A file whose name has no ending is taken for ${ending}: upload another format by a name that ends in .csv, .tsv or .parquet`;
}

function refused(field: string, expected: string, known: readonly string[]): ServiceError {
  return new ServiceError(400, `field '${field}': expected ${expected}; it has ${namesOfColumns(known)}`, { field });
}
