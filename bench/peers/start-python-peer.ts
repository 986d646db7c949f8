import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.ts';
import { answerOf } from '../load/answer-of.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { Child } from '../processes/child.ts';
import type { BatchSize, ServerPeer, StartedPeer } from './server-peer.ts';

const longestMs = 60_000;
const logs = '.cache/bench/logs';

/** Starts a script of this folder that serves one model: python SCRIPT MODEL PORT ROWS THREADS. */
export function startPythonPeer(script: string, request: ServerPeer['request']): ServerPeer['start'] {
  return async (python: string, model: BenchModel, { rows, threads }: BatchSize): Promise<StartedPeer> => {
    const port = await freePort();
    mkdirSync(logs, { recursive: true });
    const log = `${logs}/${script}.log`;
    const args = [`bench/peers/${script}`, model.path, String(port), String(rows), String(threads)];
    const env = { ...process.env, MODEL_NAME: model.name };
    const child = new Child(python, args, { env, log, leadsGroup: true });
    const sent = request(model, 'json');
    await Promise.race([child.ended(), untilAnswered(port, sent)]).catch(async (error: Error) => {
      await child.end();
      throw new Error(`${error.message}; ${log} says more`);
    });
    return { child, port };
  };
}

async function untilAnswered(port: number, request: Buffer): Promise<void> {
  let reason = '';
  for (const end = Date.now() + longestMs; Date.now() < end; await pause(200)) {
    const answer = await answerOf(port, request).catch((error: Error) => {
      reason = error.message;
    });
    if (answer) return;
  }
  throw new Error(`it has not answered after ${longestMs / 1000} s: ${reason}`);
}
