import type { Credentials, Identity } from './identity.ts';

/**
 * Credentials and region from the environment, as Lambda sets them; what is missing there comes from the AWS SDK's own
 * chain (profiles, SSO, containers, instances).
 *
 * The SDK takes longer to load than a small model to download: it is loaded only where the environment does not do.
 */
export async function resolveIdentity(environment: NodeJS.ProcessEnv): Promise<Identity> {
  const own = credentialsIn(environment);
  const region = regionIn(environment);
  if (own && region) return { region, credentials: async () => own };
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { config } = new S3Client(region ? { region } : {});
  return {
    region: region ?? (await config.region().catch(refuse('set AWS_REGION, or a region in the profile'))),
    credentials: async () => own ?? (await config.credentials().catch(refuse('set AWS_ACCESS_KEY_ID, or AWS_PROFILE'))),
  };
}

function credentialsIn(environment: NodeJS.ProcessEnv): Credentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId || !secretAccessKey) return undefined;
  const sessionToken = environment.AWS_SESSION_TOKEN;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function regionIn(environment: NodeJS.ProcessEnv): string | undefined {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  // Servers other than AWS seldom have regions, but a signature always names one.
  return region || (environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL ? 'us-east-1' : undefined);
}

function refuse(advice: string): (cause: Error) => never {
  return (cause) => {
    throw new Error(`credentials and a region are needed: ${cause.message}; ${advice}`, { cause });
  };
}
