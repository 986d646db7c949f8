import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/**
 * Which traces are recorded, by the standard variables OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG; all without
 * them. Throws an Error for what they do not have.
 */
export function chooseSampler(environment: NodeJS.ProcessEnv): Sampler {
  const { OTEL_TRACES_SAMPLER: name = 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: ratio = '1' } = environment;
  const [, parentBased, kind] = /^(parentbased_)?(always_on|always_off|traceidratio)$/.exec(name) ?? [];
  if (kind === undefined)
    throw new Error(
      `OTEL_TRACES_SAMPLER: expected always_on, always_off or traceidratio, or one of these after parentbased_, got '${name}'`,
    );
  const root =
    kind === 'always_on' ? new AlwaysOnSampler() : kind === 'always_off' ? new AlwaysOffSampler() : byRatio(ratio);
  return parentBased ? new ParentBasedSampler({ root }) : root;
}

function byRatio(text: string): Sampler {
  const ratio = text.trim() === '' ? Number.NaN : Number(text);
  if (ratio >= 0 && ratio <= 1) return new TraceIdRatioBasedSampler(ratio);
  throw new Error(`OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, got '${text}'`);
}
