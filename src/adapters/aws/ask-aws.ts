import { postSigned } from './post-signed.ts';

/** A call of a service that speaks AWS JSON 1.1. */
export interface AwsCall {
  /** As its endpoint and its signatures name it, such as `kms`. */
  readonly service: string;
  /** Such as `TrentService.Sign`. */
  readonly target: string;
  readonly input: object;
  /** @default the environment's */
  readonly region?: string | undefined;
}

const patienceMs = 10_000;

/**
 * Asks a service of AWS once, with the environment's credentials and endpoint. Rejects with an Error that says what AWS
 * says.
 */
export async function askAws(
  { service, target, input, region }: AwsCall,
  environment: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const answer = await postSigned({ service, headers, body: JSON.stringify(input), region, patienceMs }, environment);
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said as Readonly<Record<string, unknown>>;
  const { __type: type = `HTTP ${answer.status}`, message, Message } = said as Record<string, string>;
  const what = [type.replace(/^.*#/, ''), message ?? Message].filter(Boolean).join(': ');
  throw new Error(`${service} of AWS refuses ${target.replace(/^.*\./, '')}: ${what}`);
}
