#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { shortCommandLine } from './short-command-line.js';

// Where this Node cannot run TypeScript, the one that the project brings does.
if (process.features.typescript) {
  shortCommandLine();
  // To take the types out of several hundred files takes longer than all else before a first answer. The folder is that
  // of src/adapters/s3-model-store/default-cache-folder.ts, which has types itself.
  const { TENSORGATE_CACHE, XDG_CACHE_HOME } = process.env;
  module.enableCompileCache(
    join(TENSORGATE_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'tensorgate'), 'code'),
  );
  await import('./main.ts');
} else (await import('./with-own-node.js')).withOwnNode();
