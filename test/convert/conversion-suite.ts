import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setUpEnvironment } from '../../src/adapters/convert/set-up-environment.ts';
import { defaultCacheFolder } from '../../src/adapters/s3-model-store/default-cache-folder.ts';
import type { ConversionFamily } from '../../src/core/factory/convert/conversion-family.ts';
import { runCli } from '../fakes/run-cli.ts';
import { startProcess, stopProcess } from '../fakes/start-process.ts';

interface Answered {
  readonly request: { readonly inputs: readonly object[] };
  /** Output → its elements; that of `*` is the only one. */
  readonly expected: Readonly<Record<string, readonly (number | string)[]>>;
}

/** Models of a family that were really trained, and what becomes of them. */
export class ConversionSuite {
  readonly #python: string;
  readonly #folder: string;

  private constructor(python: string, folder: string) {
    this.#python = python;
    this.#folder = folder;
  }

  /** Makes the family's environment, as the command does where it is missing, and trains with it. */
  static async trained(family: ConversionFamily): Promise<ConversionSuite> {
    const requirements = `containers/convert/${family}/requirements.txt`;
    const cache = join(defaultCacheFolder(process.env), 'convert');
    const tell = (words: string) => process.stderr.write(`${words}\n`);
    const python = resolve(await setUpEnvironment({ family, requirements, folder: cache, tell }));
    const suite = new ConversionSuite(python, await mkdtemp(join(tmpdir(), `tensorgate-${family}-`)));
    await mkdir(suite.path('repository'));
    suite.#runPython('-W', 'ignore', `test/convert/train_${family}.py`, suite.#folder);
    return suite;
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  convert(source: string, name: string, ...words: string[]) {
    return runCli('convert', this.path(source), '--name', name, '--models', this.path('repository'), ...words);
  }

  /** Converts by a Python that makes the conversion wrong once it is done. */
  async convertWrongly(source: string, fault: string, ...words: string[]) {
    const script = this.path(`plants-${fault}`);
    const plant = `exec "${this.#python}" "${resolve('test/convert/plant.py')}" ${fault} "$4/model.onnx"`;
    await writeFile(script, `#!/bin/sh\n"${this.#python}" "$@" || exit $?\n${plant}\n`, { mode: 0o755 });
    return this.convert(source, `wrong-${fault}`, '--python', script, ...words);
  }

  /** The models that were stored. */
  async stored(): Promise<readonly string[]> {
    return (await readdir(this.path('repository'))).sort();
  }

  /**
   * Serves what was stored, and gives the largest |answer − expected| / max(1, |expected|) of each model; infinite
   * where a text or class is another.
   */
  async served(sources: Readonly<Record<string, string>>): Promise<Readonly<Record<string, number>>> {
    const server = await startProcess(this.path('repository'), '--log-level', 'error');
    try {
      const differences: Record<string, number> = {};
      for (const [name, source] of Object.entries(sources))
        differences[name] = await this.#compared(server.url, name, source);
      return differences;
    } finally {
      await stopProcess(server);
    }
  }

  async #compared(url: string, name: string, source: string): Promise<number> {
    const file = this.path(source.replace(/\.[^.]*$|$/, '.answers.json'));
    const { request, expected }: Answered = JSON.parse(await readFile(file, 'utf8'));
    const answer = await fetch(`${url}/v2/models/${name}/infer`, { method: 'POST', body: JSON.stringify(request) });
    const { outputs, error } = (await answer.json()) as {
      outputs?: { name: string; data: unknown[] }[];
      error?: string;
    };
    if (!outputs) throw new Error(`${name}: ${error}`);
    const wanted = Object.entries(expected).map(
      ([output, data]) => [output === '*' ? outputs[0]?.name : output, data] as const,
    );
    if (String(wanted.map(([output]) => output)) !== String(outputs.map((output) => output.name)))
      throw new Error(`${name} has the outputs ${outputs.map((output) => output.name)}`);
    return Math.max(...wanted.map(([, data], index) => largestDifference(outputs[index]?.data ?? [], data)));
  }

  end(): Promise<void> {
    return rm(this.#folder, { recursive: true });
  }

  #runPython(...words: string[]): void {
    const { status, stderr } = spawnSync(this.#python, words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
  }
}

function largestDifference(actual: readonly unknown[], expected: readonly (number | string)[]): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const distances = expected.map((wanted, index) => {
    if (typeof wanted === 'string') return wanted === actual[index] ? 0 : Number.POSITIVE_INFINITY;
    return Math.abs(Number(actual[index]) - wanted) / Math.max(1, Math.abs(wanted));
  });
  return Math.max(...distances);
}
