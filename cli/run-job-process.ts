import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { jsonIn } from '../src/protocol/json-in.ts';
import type { JobVoice } from './job-voice.ts';

export interface JobProcessOptions {
  /** Where it runs. */
  readonly folder: string;
  /** Hears what it says on stderr. */
  readonly voice: JobVoice;
  /** Puts a line of that into the words of whoever asked for the job. */
  readonly inTheirWords: (line: string) => string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export interface EndedProcess {
  readonly status: number | null;
  /** The signal that ended it. */
  readonly by: NodeJS.Signals | null;
  /** The JSON that it wrote to stdout; undefined where that is none, or too much. */
  readonly told: unknown;
}

const mostToldBytes = 1024 * 1024;
// What it is in the midst of storing may be let go of meanwhile.
const patienceMs = 5000;
/** Callers are answered first. */
const lowPriority = 10;

/** Runs the command of a job, with all that it begins itself, until it ends. Rejects where it cannot be begun. */
export async function runJobProcess(
  [command = '', ...words]: readonly string[],
  { folder, voice, inTheirWords, signal }: JobProcessOptions,
): Promise<EndedProcess> {
  signal.throwIfAborted();
  // What it leaves behind where it is killed goes with the folder.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const child = spawn(command, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what it begins ends with it.
    detached: true,
    // It ends by itself where this process is killed.
    env: { ...process.env, TENSORGATE_LAUNCHER: String(process.pid), NO_COLOR: '1', TMPDIR: temporary },
  });
  const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject).once('close', (status, by) => resolve([status, by]));
  });
  if (child.pid !== undefined) lower(child.pid);
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (told.length <= mostToldBytes) told += text;
  });
  const heard = voice.hear(child.stderr, inTheirWords);
  const end = () => {
    kill(child.pid, 'SIGTERM');
    timer = setTimeout(() => kill(child.pid, 'SIGKILL'), patienceMs);
  };
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', end, { once: true });
  try {
    const [status, by] = await ended;
    await heard;
    return { status, by, told: told.length > mostToldBytes ? undefined : jsonIn(told) };
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
  }
}

function lower(pid: number): void {
  try {
    setPriority(pid, lowPriority);
  } catch {
    // It has ended already, or the system does not let it.
  }
}

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended meanwhile.
  }
}
