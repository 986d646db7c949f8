export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Of a histogram's parts. @default the family's name */
  readonly metricName?: string;
}

/** Metrics of one name, with their values. */
export interface MetricFamily {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  /** Each set of labels once. */
  readonly samples: readonly MetricSample[];
}
