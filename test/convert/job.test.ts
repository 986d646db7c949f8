import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { findPython } from '../../src/adapters/convert/find-python.ts';

jest.setTimeout(120_000);

/** A converter that says what it was given; `refuse` and `hang` as its source make it do that. */
const converter = `
import os, sys
from pathlib import Path
source, out = Path(sys.argv[1]), Path(sys.argv[2])
said = (source / "weights" / "a.bin").read_text() if source.is_dir() else source.read_text()
print("working", file=sys.stderr)
if said == "refuse":
    print("refused: expected something else", file=sys.stderr)
    sys.exit(3)
(out / "model.onnx").write_text(f"{said} {sys.argv[3:5]} {[word.rsplit('/', 1)[-1] for word in sys.argv[5:]]}")
(out / "report.json").write_text(str("TENSORGATE_CONVERSION" in os.environ))
(out / "other.txt").write_text("nobody asked for it")
os.symlink("/etc/hostname", out / "samples.jsonl")
`;

let python: string;
let folder: string;
let server: Server;
let base: string;
let files: Map<string, string>;
let stored: Map<string, string>;
let isDown: boolean;

beforeAll(async () => {
  python = await findPython();
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-job-'));
  await writeFile(join(folder, 'convert.py'), converter);
  server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const key = (request.url ?? '').slice(1);
    const content = files.get(key);
    // S3 asks to come again now and then.
    if (isDown) response.statusCode = 503;
    else if (request.method === 'PUT') stored.set(key, String(Buffer.concat(pieces)));
    else if (content === undefined) response.statusCode = 404;
    isDown = false;
    response.end(content);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  stored = new Map();
  isDown = false;
});

/** Runs the script of the container for a plan whose files are these. */
async function run(plan: object, given: Readonly<Record<string, string>>) {
  files = new Map(Object.entries({ plan: JSON.stringify(plan), ...given }));
  const env = { PATH: process.env.PATH ?? '', TENSORGATE_CONVERSION: `${base}plan` };
  return promisify(execFile)(python, ['containers/convert/job.py', join(folder, 'convert.py')], { env }).then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
}
const urls = (...names: string[]) => Object.fromEntries(names.map((name) => [name, base + name]));
const ended = () => JSON.parse(stored.get('ended.json') ?? '{}');
const outputs = () => urls('model.onnx', 'samples.jsonl', 'report.json', 'config.json');

test('what is planned is read, converted and stored, and nothing else', async () => {
  isDown = true;
  const inputs = { ...urls('samples.jsonl'), 'source/weights/a.bin': `${base}a.bin` };
  const plan = { source: 'source', samples: 'samples.jsonl', seed: 7, inputs, outputs: outputs() };
  const given = { 'samples.jsonl': '{}', 'a.bin': 'weights' };
  expect(await run({ ...plan, ended: `${base}ended.json` }, given)).toBe(0);
  expect(ended()).toEqual({ status: 0, said: 'working\n' });
  expect([...stored.keys()].sort()).toEqual(['ended.json', 'model.onnx', 'report.json']);
  expect(stored.get('model.onnx')).toBe("weights ['--seed', '7'] ['--samples', 'samples.jsonl']");
  expect(stored.get('report.json')).toBe('False');
});

test('what is refused is told, and nothing is stored', async () => {
  const inputs = { 'source/model.pkl': `${base}model.pkl` };
  const plan = { source: 'source/model.pkl', seed: 0, inputs, outputs: outputs(), ended: `${base}ended.json` };
  expect(await run(plan, { 'model.pkl': 'refuse' })).toBe(0);
  expect(ended()).toEqual({ status: 3, said: 'working\nrefused: expected something else\n' });
  expect([...stored.keys()]).toEqual(['ended.json']);
  stored.clear();
  // What is not there is not waited for.
  expect(await run(plan, {})).toBe(1);
  expect(stored.size).toBe(0);
});
