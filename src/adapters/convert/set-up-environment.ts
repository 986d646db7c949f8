import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { ConversionFamily } from '../../core/factory/convert/conversion-family.ts';
import { hexDigest } from '../hex-digest.ts';
import { findPython } from './find-python.ts';

export interface EnvironmentOptions {
  readonly family: ConversionFamily;
  /** The family's pinned packages. */
  readonly requirements: string;
  /** Environments are made in here, and kept. */
  readonly folder: string;
  /** Hears how far it is. */
  tell(words: string): void;
}

/**
 * The Python of a family's own environment, which is made where it is missing or its requirements changed. Rejects with
 * an Error that says what to do.
 */
export async function setUpEnvironment({ family, requirements, folder, tell }: EnvironmentOptions): Promise<string> {
  const pins = await readFile(requirements, 'utf8');
  const name = `${family}-${hexDigest(pins).slice(0, 12)}`;
  const place = join(folder, name);
  if (existsSync(place)) return pythonOf(place);
  const python = await findPython();
  const count = pins.match(/^[\w.-]+==/gm)?.length ?? 0;
  tell(`setting up Python for this kind of model, once: ${count} packages at most, in ${place}`);
  await mkdir(folder, { recursive: true });
  // Made under another name: what is there by its own is whole. Environments are asked by their Python's path alone, so
  // they can be moved.
  const draft = `${place}.${process.pid}`;
  try {
    await makeEnvironment(python, draft);
    await install(pythonOf(draft), requirements, tell);
    // Another command may have made it meanwhile.
    await rename(draft, place).catch(() => rm(draft, { recursive: true }));
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return pythonOf(place);
}

function pythonOf(environment: string): string {
  return join(environment, 'bin', 'python');
}

async function makeEnvironment(python: string, place: string): Promise<void> {
  await promisify(execFile)(python, ['-m', 'venv', place]).catch(
    ({ stdout = '', message }: Error & { stdout?: string }) => {
      throw new Error(
        `${python} cannot make an environment: ${stdout.trim() || message}; on Debian and Ubuntu, install python3-venv`,
      );
    },
  );
}

async function install(python: string, requirements: string, tell: EnvironmentOptions['tell']): Promise<void> {
  // All are pinned by hash, with what they need; and none is compiled, so no compiler is needed, and no package's own
  // code runs here.
  const options = ['--require-hashes', '--no-deps', '--only-binary', ':all:', '--progress-bar', 'off'];
  const pip = spawn(python, ['-m', 'pip', 'install', ...options, '-r', requirements], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  pip.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve, reject) => pip.once('error', reject).once('close', resolve));
  for await (const line of createInterface(pip.stdout)) {
    const [, what] = /^(?:Collecting|Installing collected packages:) ([\w.-]+)/.exec(line) ?? [];
    if (what) tell(line.startsWith('Collecting') ? `  ${what}` : '  unpacking …');
  }
  if ((await ended) === 0) return;
  const reasons = complaint.split('\n').filter((line) => line.startsWith('ERROR'));
  throw new Error(
    `the packages could not be installed: ${reasons.join(' ') || complaint.trim()}. Where there is none made for this machine (only-binary), give a Python that has them with --python; behind a mirror, set PIP_INDEX_URL`,
  );
}
