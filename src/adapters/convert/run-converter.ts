import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface ConverterCall {
  /** The interpreter; by its path, as nothing of this process's environment is handed on. */
  readonly python: string;
  readonly script: string;
  readonly source: string;
  /** An empty folder, for what it makes. */
  readonly out: string;
  readonly samples: string | undefined;
  readonly code: string | undefined;
  readonly seed: number;
}

/** How the conversion ran. */
export interface ConverterRun {
  /** It could reach no network. */
  readonly isOffline: boolean;
}

/** As containers/convert/emit.py has it. */
const refusedStatus = 3;
const mostMs = 60 * 60 * 1000;
const keptCharacters = 16_000;

/**
 * Runs a family's script on a source, which may run code of its own: without this process's environment, so without
 * credentials in it, without its home, and without a network where the system can take that away. Rejects with an Error
 * that says why the source cannot be converted.
 */
export async function runConverter({ python, script, source, out, ...more }: ConverterCall): Promise<ConverterRun> {
  const home = await mkdtemp(join(tmpdir(), 'tensorgate-convert-'));
  const cut = offline();
  const options = [
    ...(more.samples === undefined ? [] : ['--samples', resolve(more.samples)]),
    ...(more.code === undefined ? [] : ['--code', resolve(more.code)]),
  ];
  const words = [...cut, resolve(python), '-B', script, resolve(source), out, '--seed', String(more.seed), ...options];
  const [command = '', ...rest] = words;
  try {
    const child = spawn(command, rest, {
      cwd: home,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: mostMs,
      killSignal: 'SIGKILL',
      env: { HOME: home, TMPDIR: home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', ...quiet },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-keptCharacters);
    });
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((settle, fail) => {
      child.once('error', fail).once('close', (code, by) => settle([code, by]));
    });
    if (status !== 0) throw failure(status, signal, said.trim().split('\n'));
    return { isOffline: cut.length > 0 };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** What TensorFlow and Hugging Face ask for, or say, that nobody here has any use for. */
const quiet = { TF_CPP_MIN_LOG_LEVEL: '2', CUDA_VISIBLE_DEVICES: '-1', HF_HUB_OFFLINE: '1' };

/**
 * The command before a command that gives it a network of its own, without a way out; none where this system or user
 * may not.
 */
function offline(): readonly string[] {
  const ways = [
    ['unshare', '--map-current-user', '--net'],
    ['unshare', '--net'],
  ];
  return ways.find(([command = '', ...options]) => spawnSync(command, [...options, 'true']).status === 0) ?? [];
}

function failure(status: number | null, signal: NodeJS.Signals | null, lines: readonly string[]): Error {
  const [last = ''] = lines.slice(-1);
  if (status === refusedStatus) return new Error(last.replace(/^refused: /, ''));
  if (signal !== null) return new Error(`the conversion was ended by ${signal}: it may need more memory than there is`);
  return new Error(`the conversion failed:\n${lines.slice(-15).join('\n')}`);
}
