import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';

/** The API keys that gRPC callers of an endpoint need one of. */
export interface GrpcKeys {
  /** Their file, such as `s3://bucket/.access/grpc-keys.json`. */
  readonly uri: string;
  /** Lets `grantee` read this file and nothing else. */
  grantRead(grantee: IGrantable): Grant;
}
