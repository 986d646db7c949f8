import type { UsageOf } from '../ports/usage-of.ts';
import type { WatchedKeys } from './api-keys/watch-keys.ts';
import type { ServiceLog } from './service-log.ts';

export interface CallersOptions {
  /** File of the API keys that callers need one of. @default none: whoever reaches the server may call */
  readonly apiKeys?: string | undefined;
  /**
   * In place of `apiKeys`, for callers over HTTP who come by API Gateway alone, which says who they are: the file of
   * what they may do.
   * @default none
   */
  readonly gatewayPolicies?: string | undefined;
  /** The keys for gRPC alone, where HTTP callers have been asked by others. @default apiKeys */
  readonly grpcApiKeys?: string | undefined;
}

/** What asks callers who they are; undefined: nobody is asked. */
export interface Callers {
  readonly http: WatchedKeys['authorize'] | undefined;
  readonly grpc: WatchedKeys['authorize'] | undefined;
  close(): void;
}

/**
 * Opens what a server knows callers by; nothing is loaded where nobody is asked. Rejects where one of the files is not
 * good.
 */
export async function openCallers(
  { apiKeys, gatewayPolicies, grpcApiKeys }: CallersOptions,
  log: ServiceLog,
  usageOf: UsageOf | undefined,
): Promise<Callers> {
  const keys = apiKeys === undefined ? undefined : await openKeys(apiKeys, log, usageOf);
  const gateway = gatewayPolicies === undefined ? undefined : await openGateway(gatewayPolicies, log, usageOf);
  const grpc = grpcApiKeys === undefined ? undefined : await openKeys(grpcApiKeys, log, usageOf);
  return {
    http: (gateway ?? keys)?.authorize,
    // Nobody says of gRPC callers who they are.
    grpc: (grpc ?? keys)?.authorize,
    close: () => {
      for (const each of [keys, gateway, grpc]) each?.close();
    },
  };
}

async function openKeys(uri: string, log: ServiceLog, usageOf: UsageOf | undefined): Promise<WatchedKeys> {
  const { watchKeys } = await import('./api-keys/watch-keys.ts');
  return watchKeys(uri, log, { usageOf });
}

async function openGateway(uri: string, log: ServiceLog, usageOf: UsageOf | undefined): Promise<WatchedKeys> {
  const [{ watchKeys }, { authorizeGateway }] = await Promise.all([
    import('./api-keys/watch-keys.ts'),
    import('./api-keys/authorize-gateway.ts'),
  ]);
  return watchKeys(uri, log, { usageOf, authorizeBy: authorizeGateway, isOptional: true });
}
