import { askBalancer } from './ask-balancer.ts';
import { passOn } from './pass-on.ts';
import { serviceLog } from './service-log.ts';

const { TENSORGATE_BALANCER: host = '', TENSORGATE_ENDPOINT: domainName = '' } = process.env;
const { TENSORGATE_STREAMS, TENSORGATE_ANSWER_SECONDS: seconds, TENSORGATE_CORS_ORIGIN: corsOrigin } = process.env;

/**
 * Answers API Gateway for an endpoint that may have no container: what its containers say, else 503 and when to try
 * again.
 */
export const handler = passOn(askBalancer({ host, domainName, port: 443 }), serviceLog, {
  streams: TENSORGATE_STREAMS === 'true',
  answerMs: seconds === undefined ? undefined : Number(seconds) * 1000,
  corsOrigin,
});
