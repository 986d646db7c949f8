import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.ts';
import type { StoredModel } from '../models/stored-model.ts';
import { Child } from '../processes/child.ts';

export interface StartedMlserver {
  readonly child: Child;
  readonly port: number;
}

const longestMs = 60_000;

/**
 * Starts MLServer with `model` alone, its settings in `folder`, and with its adaptive batching where `batching` says
 * how many rows a run may have; it has loaded the model when this returns. Rejects where it does not.
 */
export async function startMlserver(
  python: string,
  model: StoredModel,
  folder: string,
  batching?: { readonly rows: number; readonly threads: number },
): Promise<StartedMlserver> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  mkdirSync(folder, { recursive: true });
  // Its own process runs the model: with the loop that pip gives it, its worker processes end as they start.
  const settings = { parallel_workers: 0, metrics_endpoint: null, metrics_dir: folder, debug: false };
  const places = { host: '127.0.0.1', http_port: port, grpc_port: grpcPort };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...settings, ...places }));
  const one = {
    name: model.name,
    implementation: 'onnx_runtime.OnnxModel',
    parameters: { uri: model.path, extra: { threads: batching?.threads ?? 0 } },
    // Seconds that a batch waits for more.
    ...(batching && { max_batch_size: batching.rows, max_batch_time: 0.005 }),
  };
  writeFileSync(join(folder, 'model-settings.json'), JSON.stringify(one));
  const env = { ...process.env, PYTHONPATH: resolve('bench/peers/mlserver') };
  const child = new Child(join(dirname(python), 'mlserver'), ['start', folder], {
    env,
    leadsGroup: batching !== undefined,
  });
  const url = `http://127.0.0.1:${port}/v2/models/${model.name}/ready`;
  for (const end = Date.now() + longestMs; Date.now() < end; await pause(100)) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return { child, port };
  }
  throw new Error(`MLServer has not loaded the model after ${longestMs / 1000} s`);
}
