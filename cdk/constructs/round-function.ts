import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, Size } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addFunction } from './add-function.ts';
import type { DataBucket } from './data-bucket.ts';
import type { OnnxRuntimeLayer } from './onnx-runtime-layer.ts';

export interface RoundFunctionProps {
  /** Where the files of rounds are. */
  readonly data: DataBucket;
  readonly runtime: OnnxRuntimeLayer;
  /** Memory in MB. */
  readonly memorySize: number;
  /** How long logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
  /** File that exports `handler`. */
  readonly entry: string;
}

/**
 * A function that does a step of a round of a training by several workers. It reads what the round begins with, and
 * adds to it where it has come to: no model of the repository, no file of a caller, nothing of another job but rounds.
 */
export class RoundFunction extends Construct implements IGrantable {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: RoundFunctionProps) {
    super(scope, id);
    const { data, runtime, memorySize, logRetention, entry } = props;
    const { function: added } = addFunction(this, {
      entry,
      logRetention,
      architecture: runtime.architecture,
      layers: [runtime.layer],
      memorySize,
      // The model, once as it is stored and once as it is trained.
      ephemeralStorageSize: Size.mebibytes(memorySize),
      timeout: Duration.minutes(15),
      environment: { TENSORGATE_DATA: data.uri },
    });
    this.function = added;
    // Whether the job is over meanwhile, the last two say.
    data.grantFiles(this, { read: ['work/', 'model-runs/'], write: ['model-rounds/'] });
  }

  get grantPrincipal() {
    return this.function.grantPrincipal;
  }
}
