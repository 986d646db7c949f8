import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';

/** Where a function finds its models, which of them it serves, and which it loads before anyone asks. */
export interface ModelSource {
  /** The model repository, such as `s3://bucket`. */
  readonly uri: string;
  /** The models to serve; all there are where it is missing. */
  readonly modelNames?: readonly string[] | undefined;
  /** The models to load while the function starts. */
  readonly pinnedModels: readonly string[];
  /** Public keys in PEM: versions that none of them signed are not loaded. Absent: signatures are not asked for. */
  readonly signingKeys?: string | undefined;
  /** Lets `grantee` read these models and nothing else. */
  grantRead(grantee: IGrantable): Grant;
  /** Lets `grantee` write where the aliases of these models lead, and what it counts of canaries. */
  grantStopCanaries(grantee: IGrantable): Grant;
  /** Lets `grantee` write lines of the audit log of calls, their inputs, and usage. */
  grantRecords(grantee: IGrantable): Grant;
  /** Lets `grantee` keep what it counts of how the inputs and outputs of these models are spread. */
  grantDrift(grantee: IGrantable): Grant;
}
