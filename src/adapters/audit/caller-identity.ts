import { postSigned } from '../aws/post-signed.ts';

const patienceMs = 5000;
const body = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * The ARN of the IAM principal that the environment's credentials are of; undefined where STS says none. Anyone may
 * ask. Rejects where STS cannot be reached, or there are no credentials. Source: AWS STS API, GetCallerIdentity.
 */
export async function callerIdentity(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await postSigned({ service: 'sts', headers, body, patienceMs }, environment);
  return /<Arn>([^<]+)<\/Arn>/.exec(await answer.text())?.[1];
}
