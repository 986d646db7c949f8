import { openStepServers } from './remote-models/open-step-servers.ts';
import type { ServerOptions } from './server-options.ts';
import type { ServiceLog } from './service-log.ts';

type ExtraOptions = Pick<
  ServerOptions,
  'otlpEndpoint' | 'payloadKey' | 'limits' | 'responseCacheBytes' | 'stepServers' | 'runTimeoutMs'
>;

/**
 * Opens what few servers have: traces, encrypted payloads, kept answers, other servers. Nothing is loaded of what is
 * not asked for.
 */
export async function openServerExtras(options: ExtraOptions, log: ServiceLog) {
  const { otlpEndpoint, payloadKey, responseCacheBytes, stepServers, runTimeoutMs } = options;
  return {
    tracing: otlpEndpoint === undefined ? undefined : await traceTo(otlpEndpoint, log),
    payloads: payloadKey === undefined ? undefined : await openPayloads(payloadKey, options.limits),
    makeDataPlane: responseCacheBytes ? await caching(responseCacheBytes) : undefined,
    openRemoteModel: stepServers === undefined ? undefined : await openStepServers(stepServers, { runTimeoutMs }),
  };
}

async function openPayloads(place: string, { maxDecompressedBytes }: ServerOptions['limits']) {
  const [{ PayloadEncryption }, { openPayloadKeys }] = await Promise.all([
    import('./payload-encryption/payload-encryption.ts'),
    import('./payload-encryption/open-payload-keys.ts'),
  ]);
  const keys = await openPayloadKeys(place);
  return new PayloadEncryption(async () => keys, maxDecompressedBytes);
}

async function traceTo(endpoint: string, log: ServiceLog) {
  const { openTracing } = await import('./tracing/open-tracing.ts');
  return openTracing(endpoint, process.env, log);
}

async function caching(maxBytes: number) {
  const { keepAnswers } = await import('./keep-answers.ts');
  return keepAnswers(maxBytes);
}
