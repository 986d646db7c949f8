import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, jest, test } from '@jest/globals';
import { askExplanation } from '../../cli/ask-explanation.ts';
import { explainCommand } from '../../cli/explain.ts';
import { printExplanation, type ToldExplanation } from '../../cli/print-explanation.ts';
import { sampleModels } from '../fakes/sample-models.ts';

const options = { models: sampleModels(), input: ['X=[[5.1,3.5,1.4,0.2]]'], json: false };
const iris = { name: 'iris' };

afterEach(() => void jest.restoreAllMocks());

test('explain asks a model in this process, and prints the largest weights first', async () => {
  const answer = (await askExplanation(iris, undefined, {
    ...options,
    target: '0',
    method: 'shapley',
  })) as ToldExplanation;
  const lines: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const note = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  printExplanation(answer, false);
  expect(note.mock.calls.flat()).toEqual([expect.stringMatching(/^note: zeros stand for .* as 'baseline'$/)]);
  printExplanation({ ...answer, note: 'all weights are 0', baseline: 'none' }, false);
  expect(note.mock.calls.at(-1)).toEqual(['note: all weights are 0']);
  const long = { word: '👍🏽'.repeat(100), start: 0, end: 100, weight: 1 };
  lines.splice(7);
  printExplanation({ ...answer, features: [long] }, false);
  expect(lines.find((line) => line.startsWith('👍🏽'))).toMatch(/^(👍🏽){59}… {2}0 {2}/u);
  lines.length = 7;
  expect(lines).toEqual([
    'shapley: setosa (probabilities) of the output is 0.985; of the baseline it is 0.976 (zeros)',
    'FEATURE  VALUE  BASELINE  WEIGHT',
    'X[1]     3.5    0         0.518',
    'X[0]     5.1    0         -0.481',
    'X[2]     1.4    0         -0.023',
    'X[3]     0.2    0         -0.00447',
    '16 evaluations; weights add up within 0 %',
  ]);
  expect(answer.target).toEqual({ output: 'probabilities', index: 0, label: 'setosa', of: 'output' });
});

test('explain takes the baseline from a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-explain-'));
  await writeFile(
    join(folder, 'rows.json'),
    '[{"name": "X", "datatype": "FP32", "shape": [1, 4], "data": [5.8, 3, 4.3, 1.3]}]',
  );
  const asked = { ...options, method: 'shapley', baseline: `@${join(folder, 'rows.json')}` };
  expect(await askExplanation(iris, undefined, asked)).toMatchObject({ baseline: expect.not.stringMatching(/zeros/) });
  await rm(folder, { recursive: true });
  await expect(askExplanation(iris, undefined, asked)).rejects.toThrow(/rows\.json/);
});

test('explain takes digits for the name of a class before its place', async () => {
  const bodies: string[] = [];
  const metadata = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }], outputs: [] };
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, asked) => {
    if (asked?.body) bodies.push(String(asked.body));
    return Response.json({ ...metadata, name: 'stars', versions: ['1'], platform: 'onnx_onnxv1' });
  });
  const asked = { ...options, input: ['x=[[1,2]]'], url: 'http://127.0.0.1:9', target: '3' };
  await askExplanation({ name: 'stars' }, undefined, asked);
  expect(bodies.map((body) => JSON.parse(body).parameters)).toEqual([{ target: '3' }]);
});

test('explain draws on a terminal how far it is, and leaves nothing of that behind', async () => {
  const terminal = process.stderr.isTTY;
  const written: string[] = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const asked = { ...options, method: 'lime', samples: 300 };
  try {
    process.stderr.isTTY = false;
    await askExplanation(iris, undefined, asked);
    expect(written).toEqual([]);
    process.stderr.isTTY = true;
    await askExplanation(iris, undefined, asked);
  } finally {
    process.stderr.isTTY = terminal;
  }
  expect(written.join('')).toMatch(/=+ 17 of 17 evaluations at most/);
  // The line is cleared, and the cursor at its beginning.
  expect(written.join('').endsWith('\u001b[1G\u001b[2K')).toBe(true);
});

test.each([
  [
    'iris',
    undefined,
    { ...options, input: [] },
    /^expected an item for the model's task, or a row of each input by --input$/,
  ],
  ['digits', '[1, 2, 3, 4]', { ...options, input: [] }, /^model 'digits' has no task/],
  ['iris', undefined, { ...options, parameters: '{' }, /^--parameters \{: expected JSON/],
  ['iris', undefined, { ...options, baseline: '3' }, /^parameter 'baseline': expected a list of tensors, .* got 3$/],
])('explain of %s refuses %s %j', async (name, item, given, message) => {
  await expect(askExplanation({ name }, item, given)).rejects.toThrow(message);
});

test('explain refuses to draw a chart into a file of another kind', async () => {
  const command = explainCommand().configureOutput({ writeErr: () => undefined });
  const file = join(tmpdir(), 'tensorgate-no-such-chart.png');
  const words = ['iris', '--input', options.input[0] as string, '--models', options.models, '--draw', file];
  await expect(command.parseAsync(words, { from: 'user' })).rejects.toThrow(
    '--draw: a chart is SVG, for a file that ends in .svg',
  );
  expect(existsSync(file)).toBe(false);
});

test('explain says of a model that goes on with texts that it is not explained', async () => {
  const metadata = { inputs: [{ name: 'input_ids' }], parameters: { task: 'text-generation' } };
  jest
    .spyOn(globalThis, 'fetch')
    .mockImplementation(async () =>
      Response.json({ ...metadata, name: 'story', versions: ['1'], platform: 'onnx_onnxv1', outputs: [] }),
    );
  const asked = { ...options, input: [], url: 'http://127.0.0.1:9' };
  await expect(askExplanation({ name: 'story' }, 'once', asked)).rejects.toThrow(
    "model 'story' goes on with texts, and generated text is not explained",
  );
});

test('explain refuses to draw the words of a text before anything is asked', async () => {
  const ask = jest.fn(async () => ({}));
  const metadata = { inputs: [{ name: 'text' }], parameters: { task: 'text-classification' } };
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    if (String(url).endsWith('/explain')) await ask();
    return Response.json({ ...metadata, name: 'mood', versions: ['1'], platform: 'onnx_onnxv1', outputs: [] });
  });
  const asked = { ...options, input: [], url: 'http://127.0.0.1:9', draw: 'words.svg' };
  await expect(askExplanation({ name: 'mood' }, 'good', asked)).rejects.toThrow(
    "--draw: there is a chart of columns, of bytes or of a sound, and a heat map of a picture, and 'mood' takes texts: leave it out",
  );
  expect(ask).not.toHaveBeenCalled();
});

test('explain says how many elements it does not list, and what they have together', () => {
  const lines: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const features = Array.from({ length: 22 }, (_item, at) => ({ feature: `x[${at}]`, value: 1, weight: 22 - at }));
  const target = { index: 0, of: 'answer' } as const;
  const answer = { method: 'occlusion', target, value: 1, baseline: 'none', features, evaluations: 1 };
  printExplanation(answer, false);
  expect(lines).toContain('… 2 more, together 3, with --json');
  printExplanation({ ...answer, others: { elements: 70, weight: -5 } }, false);
  expect(lines).toContain('… 72 more, together -2');
});

test.each([
  ['drawn.html', /A chart is SVG, and a heat map is PNG: a file that ends in \.svg, or in \.png\./],
  ['drawn', /a file that ends in \.svg, or in \.png\./],
  ['no/drawn.svg', /There is no folder '.*no' to write it into: make it first\./],
  ['.', /Expected a file to write, and it is a folder\./],
])('explain refuses to draw into %s before anything is asked', async (place, message) => {
  const ask = jest.spyOn(globalThis, 'fetch');
  const command = explainCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const words = ['iris', '--input', 'X=[1,2,3,4]', '--url', 'http://127.0.0.1:9', '--draw', place];
  await expect(command.parseAsync(words, { from: 'user' })).rejects.toThrow(message);
  expect(ask).not.toHaveBeenCalled();
});
