// npm run test:convert: models that are trained here, converted, served and compared with their own framework, whose environment of
// Python is made in .cache/ on the first run. Those of PyTorch and TensorFlow, of 7 GB, with -- --all.
import { resolve } from 'node:path';
import { runJest } from './run-jest.ts';

const isAll = process.argv.includes('--all');
runJest(isAll ? 'test/convert/' : 'test/convert/(job|tabular)', { TENSORGATE_CACHE: resolve('.cache/convert') });
