import type { TensorSpec } from '../../../protocol/tensor-spec.ts';
import type { Sample } from '../../releases/sample.ts';
import type { Schema } from '../../releases/schema-breaks.ts';
import type { Finding } from '../finding.ts';
import type { ConverterReport } from './converter-report.ts';

/** What a conversion is held against beside its own answers. */
interface Said {
  readonly report: ConverterReport;
  /** As the original framework answered them. */
  readonly samples: readonly Sample[];
  /** Samples whose answers whoever converts it knows from elsewhere. */
  readonly known: readonly Sample[];
}

/**
 * Why a conversion is refused whatever it answers: it does not take what its source took, or its samples show too
 * little.
 */
export function sourceFindings({ inputs, outputs }: Schema, said: Said): readonly Finding[] {
  const { report, samples } = said;
  return [
    ...inputs.flatMap((spec) => inputFinding(spec, report.inputs[spec.name], Object.keys(report.inputs)) ?? []),
    ...Object.keys(report.inputs).flatMap((name) => missingInput(name, inputs) ?? []),
    ...outputs.flatMap(({ name }) => unanswered(name, samples) ?? []),
    ...(isConstant(samples) ? [sameAnswers(report.drawn)] : []),
    ...otherVersions(said),
  ];
}

function inputFinding(spec: TensorSpec, shape: readonly number[] | undefined, known: readonly string[]) {
  const place = `input '${spec.name}'`;
  if (!shape) return finding('other-inputs', `${place} is new: the source has ${known.join(', ')}`);
  if (spec.anyRank || String(spec.shape) === String(shape)) return undefined;
  const isLost = shape.some((size, axis) => size === -1 && spec.shape[axis] !== -1);
  const words = `${place} is [${spec.shape}], expected [${shape}], -1 being any size`;
  return finding(isLost ? 'lost-free-dimension' : 'other-shape', words);
}

function missingInput(name: string, inputs: readonly TensorSpec[]): Finding | undefined {
  if (inputs.some((spec) => spec.name === name)) return undefined;
  return finding('other-inputs', `input '${name}' of the source is gone`);
}

function unanswered(output: string, samples: readonly Sample[]): Finding | undefined {
  if (samples.every(({ outputs }) => Object.hasOwn(outputs, output))) return undefined;
  return finding('unverified', `output '${output}': the original gave no answer to hold it against`);
}

/** A conversion that forgot its inputs would pass too. */
function isConstant([first, ...others]: readonly Sample[]): boolean {
  const answers = ({ outputs }: Sample) => JSON.stringify(outputs);
  return others.length > 0 && first !== undefined && others.every((sample) => answers(sample) === answers(first));
}

function sameAnswers(isDrawn: boolean): Finding {
  const what = isDrawn ? 'all random samples' : 'all samples';
  return finding(
    'unverified',
    `${what} have the same answer, which tells nothing: give samples that differ, with --samples`,
  );
}

function otherVersions({ report, known }: Said): readonly Finding[] {
  // Answers from elsewhere settle what a framework of another version makes of a model.
  if (known.length > 0) return [];
  return Object.entries(report.madeWith)
    .filter(([name, version]) => release(version) !== release(report.versions[name] ?? ''))
    .map(([name, version]) =>
      finding(
        'unverified',
        `it was made with ${name} ${version} and read by ${report.versions[name]}, which may answer otherwise: give that Python with --python, or samples with the answers that it gave there`,
      ),
    );
}

/** `1.9` of `1.9.1`. */
function release(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function finding(name: Finding['name'], words: string): Finding {
  return { name, words };
}
