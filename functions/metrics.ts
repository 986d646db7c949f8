import { Metrics } from '@aws-lambda-powertools/metrics';

/** What the function counts, as lines of its log that CloudWatch makes metrics of. */
export const metrics = new Metrics({ namespace: 'Tensorgate' });
