import { readFile } from 'node:fs/promises';
import { isObject } from '../../protocol/is-object.ts';
import { jsonIn } from '../../protocol/json-in.ts';

/** A server that has models which are steps of ensembles here. */
export interface StepServer {
  readonly url: URL;
  /** The API key that it asks for. */
  readonly key: string | undefined;
}

const example = '{"second": {"url": "grpc://10.0.0.2:8001", "key": "…"}}';
const schemes = ['http:', 'https:', 'grpc:', 'grpcs:'];

/**
 * The servers that a file names. Rejects with an Error where it cannot be read, or is not what it ought to be; its
 * message has no key.
 */
export async function readStepServers(file: string): Promise<ReadonlyMap<string, StepServer>> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Error(`${file} cannot be read: ${error.message}`);
  });
  const value = jsonIn(text);
  if (!isObject(value)) throw new Error(`${file}: expected a JSON object of servers, such as ${example}`);
  return new Map(Object.entries(value).map(([name, entry]) => [name, serverOf(`${file}: '${name}'`, entry)]));
}

function serverOf(label: string, entry: unknown): StepServer {
  const { url, key, ...others } = isObject(entry) ? entry : {};
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw new Error(`${label}: expected url and key, got '${unknown}'`);
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !schemes.includes(parsed.protocol) || parsed.host === '')
    throw new Error(`${label}: expected a url of http, https, grpc or grpcs, such as grpc://10.0.0.2:8001`);
  if (key !== undefined && (typeof key !== 'string' || key === '')) throw new Error(`${label}: expected a text as key`);
  return { url: parsed, key };
}
