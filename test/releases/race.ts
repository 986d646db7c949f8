import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openModelStore } from '../../src/adapters/open-model-store.ts';
import { checkRace, type RaceReport } from './check-race.ts';
import type { ClientLog } from './release-client.ts';

export interface RaceOptions {
  readonly processes: number;
  /** In each process. */
  readonly clients: number;
  /** What each client does. */
  readonly times: number;
  /** Of the processes; this one's has to lead to the same repository. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Lets processes change the releases of one model, of which `file` becomes the first versions, at once, and checks what
 * came of it.
 */
export async function race(
  uri: string,
  file: string,
  { processes, clients, times, environment }: RaceOptions,
): Promise<RaceReport> {
  const store = openModelStore(uri);
  const versions = [1, 2, 3, 4];
  for (const version of versions) await store.put('m', version, new Map([['model.onnx', file]]));
  const first = await store.changeReleases('m', (before) => ({ ...before, aliases: { production: { version: 1 } } }));
  const words = ['test/releases/release-worker.ts', uri, file, String(clients), String(times)];
  const run = () => promisify(execFile)(process.execPath, words, { env: environment, maxBuffer: 2 ** 28 });
  const outputs = await Promise.all(Array.from({ length: processes }, run));
  const logs = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as readonly ClientLog[]);
  return checkRace(uri, first, versions, logs);
}
