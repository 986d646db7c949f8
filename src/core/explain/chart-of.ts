import type { TextPart } from '../charts/fitted-text.ts';
import type { ModelVersion } from '../model-version.ts';
import { type Bar, barChart } from './bar-chart.ts';
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

/** The chart of an explanation of columns, elements, a file or a sound, as SVG; nothing where it is of other parts. */
export function chartOf(
  version: Pick<ModelVersion, 'name' | 'version'>,
  explanation: Explanation,
): Pick<Explanation, 'chart'> {
  const { features, bytes, others, spans } = explanation;
  const words = chartWords(version, explanation);
  if (spans) return { chart: spanChart(spans as readonly (WeighedPart & Span)[], words) };
  const bars = features?.map(featureBar) ?? bytes?.map(bytesBar);
  return bars ? { chart: barChart(bars, words, others) } : {};
}

function featureBar({ feature, value, weight }: WeighedPart): Bar {
  const name: TextPart = { text: String(feature), cut: 'middle' };
  // Values that are one part have none of their own.
  if (value === undefined) return [[name], weight];
  // A number that lacks its end reads as another.
  return [[name, ' = ', typeof value === 'string' ? { text: value, cut: 'middle' } : String(value)], weight];
}

function bytesBar({ start, end, weight }: WeighedPart): Bar {
  return [[`bytes ${start} to ${end}`], weight];
}

function chartWords({ name, version }: Pick<ModelVersion, 'name' | 'version'>, explanation: Explanation): ChartWords {
  const { method, target, value, baseline, baseline_value: without } = explanation;
  const number = scoreWords(explanation);
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
