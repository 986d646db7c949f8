import packageJson from '../package.json' with { type: 'json' };
import { testedVersion } from '../src/adapters/onnx-native/tested-version.ts';

/** What makes models of others, by which the same can be made again. */
export const toolVersions: Readonly<Record<string, string>> = {
  tensorgate: packageJson.version,
  onnxruntime: testedVersion,
};
