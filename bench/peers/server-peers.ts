import { resolve } from 'node:path';
import { firstOutput } from '../load/first-output.ts';
import { inferRequest } from '../load/infer-request.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { jsonRowsRequest } from './json-rows-request.ts';
import type { ServerPeer } from './server-peer.ts';
import { startMlserver } from './start-mlserver.ts';
import { startPythonPeer } from './start-python-peer.ts';

const toBentoml = (model: BenchModel) => jsonRowsRequest('/infer', model);
const toLitserve = (model: BenchModel) => jsonRowsRequest('/predict', model);

/** The model servers that are measured beside ours, each with its batching on. */
export const serverPeers: readonly ServerPeer[] = [
  {
    name: 'MLServer 1.7.1, adaptive batching',
    requirements: 'batch-requirements.txt',
    hasBinary: false,
    start: (python, model, size) => startMlserver(python, model, resolve(`.cache/bench/mlserver-${model.name}`), size),
    request: (model) => inferRequest(model, 'json'),
    outputOf: firstOutput,
  },
  {
    name: 'BentoML 1.4.40, adaptive batching',
    requirements: 'bentoml-requirements.txt',
    hasBinary: false,
    start: startPythonPeer('bentoml_server.py', toBentoml),
    request: toBentoml,
    outputOf: (answer) => (JSON.parse(answer.toString()) as [number[]])[0],
  },
  {
    name: 'LitServe 0.2.19, batching',
    requirements: 'litserve-requirements.txt',
    hasBinary: false,
    start: startPythonPeer('litserve_server.py', toLitserve),
    request: toLitserve,
    outputOf: (answer) => (JSON.parse(answer.toString()) as { y: number[] }).y,
  },
  {
    name: 'Triton by pytriton 0.7.0, dynamic batching',
    requirements: 'triton-requirements.txt',
    hasBinary: true,
    start: startPythonPeer('triton_server.py', inferRequest),
    request: inferRequest,
    outputOf: firstOutput,
  },
];
