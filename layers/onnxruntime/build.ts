import { parseArgs } from 'node:util';
import { buildLayer } from './build-layer.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const architecture = positionals[0] ?? 'x64';
if (architecture !== 'x64' && architecture !== 'arm64')
  throw new Error(`'${architecture}' is no architecture of Lambda: write x64 or arm64`);
console.log(buildLayer(architecture));
