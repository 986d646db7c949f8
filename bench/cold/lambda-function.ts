import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../cdk/constructs/bundle.ts';
import { buildLayer } from '../../layers/onnxruntime/build-layer.ts';

export interface LambdaFunction {
  /** The folder of the bundled handler, which nothing else is beside. */
  readonly folder: string;
  /** The variables that Lambda and the deployment set. */
  readonly env: NodeJS.ProcessEnv;
}

/** Our function as it is deployed, with its layer: of 1,769 MB, which bring one processor, for models at `uri`. */
export function lambdaFunction(uri: string): LambdaFunction {
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-bench-task-'));
  cpSync(bundle('functions/api.ts'), folder, { recursive: true });
  return {
    folder,
    env: {
      PATH: process.env.PATH,
      NODE_PATH: join(buildLayer(process.arch === 'arm64' ? 'arm64' : 'x64'), 'nodejs/node_modules'),
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
      POWERTOOLS_SERVICE_NAME: 'bench',
      TENSORGATE_MODELS: uri,
      TENSORGATE_INTRA_OP_THREADS: '1',
    },
  };
}
