import type { Feature } from './feature.ts';

/** What people are told a feature by, such as `X[2]` or `image (mean)`. */
export function featureLabel({ tensor, part }: Feature): string {
  return typeof part === 'number' ? `${tensor}[${part}]` : `${tensor} (${part})`;
}
