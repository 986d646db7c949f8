import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { watchFolder } from '../../../src/adapters/directory-model-store/watch-folder.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { startProcess } from '../../fakes/start-process.ts';
import { TemporaryStore } from './temporary-store.ts';
