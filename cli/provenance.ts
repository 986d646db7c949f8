import { readFile } from 'node:fs/promises';
import { whoActs } from '../src/adapters/audit/who-acts.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';
import { isObject } from '../src/protocol/is-object.ts';
import { jsonIn } from '../src/protocol/json-in.ts';
import { gitSource } from './git-source.ts';
import { unreadable } from './unreadable.ts';

/** What `push` is told of where a version comes from. */
export interface ProvenanceOptions {
  readonly trainingJob?: string;
  /** A file of JSON. */
  readonly metrics?: string;
  readonly licence?: string;
  /** A file of text. */
  readonly notes?: string;
}

/**
 * Who stores a version in the repository at `uri`, from where, and what they say of it. Rejects with an Error where a
 * file is not what it ought to be.
 */
export async function provenance(
  uri: string,
  { trainingJob, metrics, licence, notes }: ProvenanceOptions,
): Promise<Pick<VersionManifest, 'by' | 'source' | 'metrics' | 'licence' | 'notes'>> {
  const source = { ...(await gitSource()), ...(trainingJob !== undefined && { trainingJob }) };
  return {
    by: await whoActs(uri, process.env),
    source,
    ...(metrics !== undefined && { metrics: await readMetrics(metrics) }),
    ...(licence !== undefined && { licence }),
    ...(notes !== undefined && { notes: await readFile(notes, 'utf8').catch(unreadable(notes)) }),
  };
}

async function readMetrics(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch(unreadable(file));
  const value = jsonIn(text);
  if (isObject(value)) return value;
  throw new Error(`${file}: expected a JSON object, such as {"accuracy": 0.97}`);
}
