import type { TextPart } from '../charts/fitted-text.ts';
import type { ModelVersion } from '../model-version.ts';
import { barChart } from './bar-chart.ts';
import { chartNumber } from './chart-number.ts';
import type { ChartWords } from './chart-words.ts';
import type { Explanation, WeighedPart } from './explanation.ts';
import type { Method } from './methods.ts';
import { scoreWords } from './score-words.ts';
import { type Span, spanChart } from './span-chart.ts';

const sums = 'what each adds to the score';
/** What the weights of a method are. */
const axes: Readonly<Record<Method, string>> = {
  'kernel-shap': sums,
  shapley: sums,
  lime: 'weight in the linear model',
  occlusion: 'what the score loses without each',
  'integrated-gradients': sums,
  'gradient-x-input': 'gradient times value',
  'grad-cam': 'how much each speaks for the score',
};

/**
 * The chart of an explanation of columns, elements or a sound, as SVG; nothing where it is of other parts.
 *
 * @param isOfTensors whether the score is a number of an output, as it is
 */
export function chartOf(
  version: Pick<ModelVersion, 'name' | 'version'>,
  explanation: Explanation,
  isOfTensors: boolean,
): Pick<Explanation, 'chart'> {
  const { features, others, spans } = explanation;
  const words = chartWords(version, explanation, isOfTensors);
  if (spans) return { chart: spanChart(spans as readonly (WeighedPart & Span)[], words) };
  if (!features) return {};
  const bars = features.map(({ feature, value, weight }) => {
    // A number that lacks its end reads as another.
    const told: TextPart = typeof value === 'string' ? { text: value, cut: 'middle' } : String(value);
    return [[{ text: String(feature), cut: 'middle' }, ' = ', told], weight] as const;
  });
  return { chart: barChart(bars, words, others) };
}

function chartWords(
  { name, version }: Pick<ModelVersion, 'name' | 'version'>,
  explanation: Explanation,
  isOfTensors: boolean,
): ChartWords {
  const { method, target, value, baseline, baseline_value: without, gradients } = explanation;
  const number = scoreWords(explanation, isOfTensors || gradients !== undefined);
  return {
    title: [
      { text: name, cut: 'middle' },
      ` version ${version}: ${target.label === undefined ? '' : 'the score of '}`,
      { text: number, cut: 'middle' },
      ` is ${chartNumber(value)}`,
    ],
    subtitle:
      without === undefined
        ? [method]
        : [`${method}; of the baseline it is ${chartNumber(without)} (`, { text: baseline, cut: 'middle' }, ')'],
    axis: axes[method],
  };
}
