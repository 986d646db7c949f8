import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { foldableModel } from '../adapters/models.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCli } from '../fakes/run-cli.ts';

jest.setTimeout(60_000);

const row = '[5.1,3.5,1.4,0.2]';
let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-processes-'));
  await cp('models/iris', file('models/iris'), { recursive: true });
  // Iris is prepared or not by which of two short times is the shorter; this one always is.
  await mkdir(file('models/folded/1'), { recursive: true });
  await writeFile(file('models/folded/1/model.onnx'), buildOnnx(foldableModel()));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(file('one.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(file('one.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
});
afterAll(() => rm(folder, { recursive: true }));

// What each command does, its own tests say, most of them without a process. Here are those that others start no
// process of.
test.each([
  ['push models/iris/1/model.onnx --name iris', /^stored model 'iris' version 2 in /],
  ['versions iris', /^VERSION .*\n1 .*\n2 /],
  ['show iris', /^model +iris\nversions +1, 2\n/],
  ['diff iris@1 iris@2', /^versions +1 → 2\n[\s\S]* {2}label +largest difference 0, 0 of 1 labels flipped\n/],
  ['alias iris production=1', /^alias 'production' of model 'iris' leads to version 1; before: nothing\n$/],
  ['canary iris@2 --percent 10', /, and with 10 % of its calls to version 2; before: version 1\n$/],
  ['shadow iris@2 --percent 10', /, and with 10 % of its calls also answered by version 2; before: /],
  ['releases iris', /\nproduction canary {2}version 2, 10 % of the calls\n/],
  ['promote iris', /^alias 'production' of model 'iris' leads to version 2; before: version 1, /],
  ['rollback iris', /^alias 'production' of model 'iris' leads to version 1; before: version 2\n$/],
  ['deprecate iris@2 --reason old', /^model 'iris' version 2 is deprecated: old\n$/],
  ['prepare folded@1', /\nmodel 'folded' version 1 is prepared for this kind of machine\n$/],
  ['models', /^NAME .*\nfolded +1 +WHOLE +-\niris +1 +WHOLE +production\niris +2 +WHOLE +-\n$/],
  ['inspect iris', /^file .*model\.onnx\n[\s\S]*\ninput +X FP32\[N,4\]\n/],
  [`infer iris --input X=${row}`, /^NAME .*\nlabel +INT64 +\[1\] +0\n/],
  [
    `explain iris --input X=[${row}]`,
    /^kernel-shap: setosa \(probabilities\) of the output is 0\.985; of the baseline /,
  ],
  ['tune iris --p99-ms 1000 --seconds 1 --dry-run', /^THREADS +RUNS .*\nauto +auto /],
  ['sign iris@2 --key one.key', /^signed model 'iris' version 2 with sha256:[0-9a-f]{64} \(Ed25519\)\n$/],
  ['verify iris@2 --keys one.pem', /^model 'iris' version 2 is signed by sha256:[0-9a-f]{64} \(Ed25519\)\n/],
  ['audit verify', /\nthe audit log of .* is whole: \d+ lines in 1 chain\n$/],
  ['usage --from 2026-11-28 --to 2026-11-29', /^no usage of .* from 2026-11-28 to 2026-11-29/],
])('tensorgate %s', async (words, said) => {
  const known = words.split(' ').map((word) => (/^one\./.test(word) ? file(word) : word));
  const { code, stdout, stderr } = await runCli(...known, '--models', file('models'));
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringMatching(said) });
});

test('a process ends with the exit code of what became of its words', async () => {
  const ends = [
    ['promote iris@2', 2, /it is deprecated: old\n/],
    ['delete iris@2', 0, /^$/],
    ['delete iris@3', 1, /^error: model 'iris' has no version or alias '3'/],
    ['delet iris@2', 64, /^error: unknown command 'delet'\n\(Did you mean delete\?\)\n/],
  ] as const;
  for (const [words, code, said] of ends) {
    const ended = await runCli(...words.split(' '), '--models', file('models'));
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(said) });
  }
});
