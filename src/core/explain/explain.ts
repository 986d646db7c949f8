import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import { chartOf } from './chart-of.ts';
import { explainByAsking } from './explain-by-asking.ts';
import { explainByGradients } from './explain-by-gradients.ts';
import type { ExplainHost } from './explain-host.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Explanation } from './explanation.ts';
import { isGradientMethod } from './is-gradient-method.ts';
import { refuseUseless } from './refuse-useless.ts';
import type { Subject } from './subject.ts';
import type { TypicalInputs } from './typical-inputs.ts';

/**
 * What parts of an item had which part in what a version answers to it.
 *
 * Rejects with 400 for what cannot be explained or not so, as an inference does, and with 504 once the deadline passed
 * or the caller left.
 */
export async function explain(
  host: ExplainHost,
  version: ModelVersion,
  subject: Subject,
  options: ExplainOptions,
  context: InferenceContext,
): Promise<Explanation> {
  const given = options.baseline ?? subject.baseline;
  refuseUseless({ ...options, baseline: given }, subject.tensors ? undefined : version.task?.preprocess.takes);
  const { method } = options;
  const whole = { ...subject, typical: await typicalOf(host, version, subject, options) };
  const explained =
    method !== undefined && isGradientMethod(method)
      ? await explainByGradients(method, host, version, whole, options, context)
      : await explainByAsking(method, host, version, whole, options, context);
  const { features, words, regions, spans } = explained;
  const isNothing = [features, words, regions, spans]
    .flatMap((parts) => parts ?? [])
    .every(({ weight }) => weight === 0);
  return {
    ...explained,
    ...chartOf(version, explained, subject.tensors !== undefined),
    ...(isNothing && { note: explained.note ?? 'all weights are 0: no part changes the score by this method' }),
  };
}

/** What stands for what is left out of tables, where the caller says nothing; undefined where nothing is known. */
async function typicalOf(
  host: ExplainHost,
  version: ModelVersion,
  { tensors, baseline: rows }: Subject,
  { baseline }: ExplainOptions,
): Promise<TypicalInputs | undefined> {
  const isTable = tensors !== undefined || version.task?.preprocess.takes === 'features';
  if (!isTable || baseline !== undefined || rows !== undefined) return undefined;
  return host.typical.of(version);
}
