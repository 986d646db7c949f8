import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AccessFile } from './access-file.ts';
import type { RecordOptions } from './record-options.ts';

/** What may be chosen of our server, wherever it runs in a container. */
export interface ServerChoices {
  /**
   * Private keys, in PEM, that callers may encrypt payloads to; the network must let containers read secrets. @default
   * none
   */
  readonly payloadKeys?: ISecret | undefined;
  /** What callers may do who come by API Gateway. @default all: nobody tells it who they are */
  readonly policies?: AccessFile | undefined;
  /** Keys that gRPC callers need one of. @default none: whoever reaches the port may call */
  readonly grpcKeys?: AccessFile | undefined;
  /** Origin whose pages may call, or `*`. @default none */
  readonly corsOrigin?: string | undefined;
  /**
   * What it keeps of calls in the bucket of its models; usage is counted in any case. @default calls that were denied
   */
  readonly records?: Pick<RecordOptions, 'calls' | 'bodies'> | undefined;
  /**
   * Whether it takes canaries back that are worse than the stable version. @default false: it gives them no more calls
   * itself
   */
  readonly stopsCanaries?: boolean | undefined;
  /** Whether it keeps how the inputs and outputs of models are spread. @default false */
  readonly watchesDrift?: boolean | undefined;
}

/** Of the props of an endpoint, those that are its server's. */
export function serverChoices(props: ServerChoices): ServerChoices {
  const { payloadKeys, policies, grpcKeys, corsOrigin, records, stopsCanaries, watchesDrift } = props;
  return { payloadKeys, policies, grpcKeys, corsOrigin, records, stopsCanaries, watchesDrift };
}
