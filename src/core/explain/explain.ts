import { chartOf } from './chart-of.ts';
import { explainByAsking } from './explain-by-asking.ts';
import { explainByGradients } from './explain-by-gradients.ts';
import type { ExplainCall } from './explain-call.ts';
import type { Explanation } from './explanation.ts';
import { isGradientMethod } from './is-gradient-method.ts';
import { nothingNote } from './nothing-note.ts';
import { refuseUseless } from './refuse-useless.ts';
import type { TypicalInputs } from './typical-inputs.ts';
import { zerosNote } from './zeros-note.ts';

/**
 * What parts of an item had which part in what a version answers to it.
 *
 * Rejects with 400 for what cannot be explained or not so, as an inference does, and with 504 once the deadline passed
 * or the caller left.
 */
export async function explain(call: ExplainCall): Promise<Explanation> {
  const { version, subject, options } = call;
  const given = options.baseline ?? subject.baseline;
  refuseUseless({ ...options, baseline: given }, subject.tensors ? undefined : version.task?.preprocess.takes);
  const { method } = options;
  const whole = { ...call, subject: { ...subject, typical: await typicalOf(call) } };
  const explained =
    method !== undefined && isGradientMethod(method)
      ? await explainByGradients(method, whole)
      : await explainByAsking(method, whole);
  const note = noteOf(explained, given === undefined);
  return { ...explained, ...chartOf(version, explained), ...(note !== '' && { note }) };
}

/** What there is to say of weights; empty where that is nothing. */
function noteOf(explained: Explanation, isByItself: boolean): string {
  const { features, words, regions, spans, bytes, baseline, note = nothingNote(explained) } = explained;
  const isNothing = [features, words, regions, spans, bytes]
    .flatMap((parts) => parts ?? [])
    .every(({ weight }) => weight === 0);
  const areZeros = features !== undefined && isByItself && baseline === 'zeros';
  return [...(isNothing ? [note] : []), ...(areZeros ? [zerosNote] : [])].join('; ');
}

/** What stands for what is left out of tables, where the caller says nothing; undefined where nothing is known. */
async function typicalOf({ host, version, subject, options }: ExplainCall): Promise<TypicalInputs | undefined> {
  const isTable = subject.tensors !== undefined || version.task?.preprocess.takes === 'features';
  if (!isTable || options.baseline !== undefined || subject.baseline !== undefined) return undefined;
  return host.typical.of(version);
}
