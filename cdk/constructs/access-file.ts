import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';

/** A file of the model repository that says who may call, and do what. */
export interface AccessFile {
  /** Such as `s3://bucket/.access/policies.json`. */
  readonly uri: string;
  /** Lets `grantee` read this file and nothing else. */
  grantRead(grantee: IGrantable): Grant;
}
