// npm run container:assemble -- cpu|cuda FOLDER [--arch x64|arm64] [--cuda-packages FOLDER]
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { assembleApplication } from './assemble-application.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { arch: { type: 'string', default: process.arch }, 'cuda-packages': { type: 'string' } },
});
const [target, folder] = positionals;
const { arch: architecture, 'cuda-packages': cudaPackages } = values;
if ((target !== 'cpu' && target !== 'cuda') || folder === undefined)
  throw new Error('write: npm run container:assemble -- cpu|cuda FOLDER');
if (architecture !== 'x64' && architecture !== 'arm64')
  throw new Error(`--arch ${architecture}: there are images for x64 and arm64`);
if (target === 'cuda' && architecture !== 'x64') throw new Error('The target cuda is for x64: leave --arch out');
assembleApplication(resolve(folder), { target, architecture, cudaPackages: cudaPackages && resolve(cudaPackages) });
