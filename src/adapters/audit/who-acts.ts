import { hostname, userInfo } from 'node:os';
import { placeOf } from '../place-of.ts';
import { callerIdentity } from './caller-identity.ts';

let asked: Promise<string | undefined> | undefined;

/**
 * Who runs this process: over S3 the IAM principal, by its ARN, else `user@host`. Asked of AWS once; where an endpoint
 * for S3 alone is set, which is then not AWS, nobody is asked.
 */
export async function whoActs(rootUri: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const local = `${userName(environment)}@${hostname()}`;
  const isAws = !environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL || environment.AWS_ENDPOINT_URL_STS;
  if (!('s3' in placeOf(rootUri)) || !isAws) return local;
  // A principal without a name here is one who may not ask, or a server that knows of none.
  asked ??= callerIdentity(environment).catch(() => undefined);
  return (await asked) ?? local;
}

function userName(environment: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    // Containers run under numbers that have no name.
    return environment.USER || String(process.getuid?.() ?? 'unknown');
  }
}
