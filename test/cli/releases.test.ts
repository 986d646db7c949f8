import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);

/** Multiplies rows of two numbers, and gives each a label by which is larger. */
function times(factor: number, columns: number | string = 2): Uint8Array {
  const value = { datatype: 'FP32' as const, shape: ['N', columns] };
  return buildOnnx({
    inputs: [{ name: 'x', ...value }],
    outputs: [{ name: 'y', ...value }],
    initializers: [{ name: 'w', datatype: 'FP32', shape: [1], data: new Uint8Array(Float32Array.of(factor).buffer) }],
    nodes: [{ op: 'Mul', inputs: ['x', 'w'], outputs: ['y'] }],
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-releases-'));
  await writeFile(file('twice.onnx'), times(2));
  await writeFile(file('nearly.onnx'), times(2.0001));
  await writeFile(file('wrong.onnx'), times(-2));
  await writeFile(file('wide.onnx'), times(2, 3));
  const sample = { inputs: { x: [1, 2] }, outputs: { y: [2, 4] } };
  await writeFile(file('samples.jsonl'), `${JSON.stringify(sample)}\n`);
  await writeFile(file('card.md'), '# Doubles\n');
  await writeFile(file('metrics.json'), '{"accuracy": 0.97}');
  for (const model of ['twice', 'nearly', 'wrong'])
    await run('push', file(`${model}.onnx`), file('samples.jsonl'), '--name', 'm');
  await run('push', file('wide.onnx'), '--name', 'm');
});
afterAll(() => rm(folder, { recursive: true }));

function tensorgate(...words: string[]) {
  return runCommand(...words, '--models', file('repository'));
}

async function run(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await tensorgate(...words);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

async function json(...words: string[]) {
  return JSON.parse(await run(...words, '--json'));
}

async function lastChange() {
  const names = (await readdir(file('repository/.audit/changes'))).sort();
  return JSON.parse(await readFile(file(`repository/.audit/changes/${names.at(-1)}`), 'utf8'));
}

async function fails(words: readonly string[], message: string, code = 1): Promise<void> {
  const result = await tensorgate(...words);
  expect(result.stderr).toContain(message);
  expect(result.code).toBe(code);
}

describe('push', () => {
  test('says in a manifest what the version is and where it came from, and nothing of it changes', async () => {
    const said = [
      '--notes',
      file('card.md'),
      '--metrics',
      file('metrics.json'),
      '--licence',
      'MIT',
      '--training-job',
      '7',
    ];
    const pushed = await json('push', file('twice.onnx'), '--name', 'card@3', ...said);
    const manifest = JSON.parse(await readFile(file('repository/card/3/manifest.json'), 'utf8'));
    expect(pushed).toEqual({ ...manifest, place: file('repository/card/3') });
    expect(manifest).toMatchObject({
      manifestVersion: 1,
      model: 'card',
      version: 3,
      files: { 'model.onnx': { bytes: 153, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      bytes: 153,
      opsets: { 'ai.onnx': 17 },
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 2] }],
      by: expect.stringContaining('@'),
      at: expect.stringMatching(/^20..-..-..T/),
      source: { trainingJob: '7' },
      metrics: { accuracy: 0.97 },
      licence: 'MIT',
      notes: '# Doubles\n',
    });
    expect(Object.keys(manifest.files)).toEqual(['model.onnx']);
    await fails(['push', file('wrong.onnx'), '--name', 'card@3'], "model 'card' version 3 exists already");
    expect(await readdir(file('repository/card'))).toEqual(['3']);
  });

  test('refuses samples that do not fit the model, and what it makes itself', async () => {
    await fails(
      ['push', file('wide.onnx'), file('card.md'), '--name', 'card'],
      'beside a model go texts (.json, .txt, .jinja), samples.jsonl',
    );
    await writeFile(file('manifest.json'), '{}');
    await fails(
      ['push', file('wide.onnx'), file('manifest.json'), '--name', 'card'],
      'push makes a manifest.json of its own',
    );
    await fails(['push', file('wide.onnx'), '--name', 'card', '--metrics', file('card.md')], 'expected a JSON object');
  });
});

describe('a release', () => {
  test('goes from canary to promotion, and back', async () => {
    await fails(['canary', 'm@2', '--percent', '10'], "model 'm' has no alias 'production'");
    expect(await json('alias', 'm', 'production=1')).toMatchObject({ before: null, after: { version: 1 } });
    await fails(
      ['canary', 'm@9', '--percent', '10'],
      "model 'm' has no version or alias '9'; it has 1, 2, 3, 4, production",
    );
    const canary = await json('canary', 'm@2', '--percent', '10', '--sticky', 'key');
    expect(canary.after).toEqual({
      version: 1,
      canary: { version: 2, percent: 10, sticky: 'key', since: expect.any(String) },
    });
    const more = await json('canary', 'm@2', '--percent', '25.5');
    expect(more.after.canary).toEqual({ ...canary.after.canary, percent: 25.5 });
    expect((await json('canary', 'm@2', '--percent', '25.5', '--sticky', 'none')).after.canary).toEqual({
      version: 2,
      percent: 25.5,
      since: canary.after.canary.since,
    });
    const { after, gate } = await json('promote', 'm');
    expect(after).toEqual({ version: 2, previous: 1 });
    expect(gate).toMatchObject({ failures: [], samples: 1, difference: expect.closeTo(5e-5, 5) });
    expect((await json('rollback', 'm', '--reason', 'too soon')).after).toEqual({ version: 1 });
    expect(await run('show', 'm')).toMatch(/^production +version 1$/m);
    await json('canary', 'm@3', '--percent', '1');
    expect((await json('rollback', 'm', '--reason', 'wrong')).after.canary).toMatchObject({
      percent: 0,
      stopped: 'wrong',
    });
    await fails(['rollback', 'm'], "the canary of alias 'production', version 3, was taken back already: wrong");
    await fails(['promote', 'm'], 'was taken back: wrong; name the version');
  });

  test('of which what it was before is deleted has no way back, which is said', async () => {
    for (const version of ['1', '2']) {
      await run('push', file('twice.onnx'), '--name', 'back');
      await run('alias', 'back', `production=${version}`);
    }
    const { stderr, code } = await tensorgate('delete', 'back@1');
    expect([code, stderr]).toEqual([
      0,
      "alias 'production' led to version 1 before: tensorgate rollback has no way back there now\n",
    ]);
    await fails(['rollback', 'back'], "model 'back' has no version 1: it was deleted");
  });

  test('does not pass a gate whose settings cannot be read, nor takes aliases for missing that cannot be', async () => {
    await run('push', file('twice.onnx'), file('samples.jsonl'), '--name', 'mistaken');
    const mistake = "unknown key 'tolerence'; did you mean 'tolerance'?";
    await run('alias', 'mistaken', 'production=1');
    await writeFile(file('repository/mistaken/model.json'), '{"gate": {"tolerence": 1}}');
    await fails(['promote', 'mistaken@1'], mistake, 2);
    expect(await run('show', 'mistaken')).toContain(mistake);
    expect((await json('show', 'mistaken')).problem).toContain(mistake);
    await rm(file('repository/mistaken/model.json'));
    await writeFile(file('repository/mistaken/aliases.json'), '{"production": ');
    for (const words of [
      ['rollback', 'mistaken'],
      ['canary', 'mistaken@1', '--percent', '1'],
      ['promote', 'mistaken@1'],
    ])
      await fails(words, "model 'mistaken': aliases.json: not JSON");
  });

  test('does not pass the gate with a wrong answer, or with what callers cannot use, and nothing changes', async () => {
    await run('alias', 'm', 'gated=1');
    const before = await readFile(file('repository/m/aliases.json'), 'utf8');
    const wrong = "samples.jsonl line 1: output 'y' [0] is -2, expected 2, off by 2 of 0.001 allowed";
    await fails(['promote', 'm@3', '--alias', 'gated'], wrong, 2);
    await fails(['promote', 'm@4', '--alias', 'gated'], "input 'x' takes [-1,3], it took [-1,2]", 2);
    expect(await readFile(file('repository/m/aliases.json'), 'utf8')).toBe(before);
    const { code, stdout } = await tensorgate('promote', 'm@3', '--alias', 'gated', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([2, { promoted: false, gate: { failures: [wrong] } }]);
    const { after } = await json('promote', 'm@3', '--alias', 'gated', '--force');
    expect(after).toEqual({ version: 3, previous: 1, forced: wrong });
    expect(await lastChange()).toMatchObject({
      action: 'promote',
      version: 3,
      details: { forced: true, gate: { failures: [wrong] } },
    });
  });

  test.each(['canary', 'shadow'])('is no %s where callers cannot use it, but by force, which is kept', async (role) => {
    await run('alias', 'm', `${role}ed=1`);
    const words = [role, 'm@4', '--percent', '10', '--alias', `${role}ed`];
    const before = await readFile(file('repository/m/aliases.json'), 'utf8');
    const why = "callers of version 1 cannot use version 4: input 'x' takes [-1,3], it took [-1,2]";
    await fails(words, `error: ${why}`, 2);
    expect(await readFile(file('repository/m/aliases.json'), 'utf8')).toBe(before);
    // Without manifests the versions themselves tell.
    await rename(file('repository/m/4/manifest.json'), file('kept.json'));
    await fails(words, `error: ${why}`, 2);
    await rename(file('kept.json'), file('repository/m/4/manifest.json'));
    const { code, stderr } = await tensorgate(...words, '--force');
    expect([code, stderr]).toEqual([0, expect.stringContaining(`warning: ${why}`)]);
    expect(await lastChange()).toMatchObject({
      action: role,
      version: 4,
      details: { forced: ["input 'x' takes [-1,3], it took [-1,2]", "output 'y' gives [-1,3], it gave [-1,2]"] },
    });
    // It has begun: another step asks no more.
    await run(role, 'm@4', '--percent', '20', '--alias', `${role}ed`);
    await run('alias', 'm', `${role}ed=`);
  });

  test('does not pass the gate where it was measured to be worse, and diff tells', async () => {
    const measured = async (value: number, low: number, high: number) => {
      const metrics = { accuracy: { value, low, high }, recall: { value, low, high }, rows: 400 };
      await writeFile(file('measured.json'), JSON.stringify(metrics));
      return metrics.accuracy;
    };
    const push = () => run('push', file('twice.onnx'), '--name', 'good', '--metrics', file('measured.json'));
    const before = await measured(0.975, 0.953125, 0.987);
    await push();
    const after = await measured(0.858, 0.818, 0.89);
    await push();
    await measured(0.96, 0.94, 0.98);
    await push();
    await run('alias', 'good', 'production=1');
    const unknown = 'whether version 1 and version 2 were measured by the same rows is not known';
    const worse =
      'its accuracy is 85.8 % (81.8 % to 89.0 %), worse than that of the version before, 97.5 % (95.3 % to 98.7 %)';
    const { code, stdout, stderr } = await tensorgate('promote', 'good@2', '--json');
    expect([code, stderr]).toEqual([2, expect.stringContaining(`gate: model 'good' version 2: ${worse}\n`)]);
    expect(stderr).toContain(unknown);
    const compared = { before, after, verdict: 'worse' };
    expect(JSON.parse(stdout).gate).toMatchObject({
      failures: [worse],
      metrics: [
        { measure: 'accuracy', decides: true, ...compared },
        { measure: 'recall', decides: false, ...compared },
      ],
    });
    const shown = await run('show', 'good@1');
    expect(shown).toMatch(/^metrics +rows 400\naccuracy +97\.5 % \(95\.3 % to 98\.7 %\)\nrecall \(macro\) +97\.5 % /m);
    const told = await run('diff', 'good@1', 'good@2');
    expect(told).toMatch(/^accuracy +97\.5 % \(95\.3 % to 98\.7 %\) → 85\.8 % \(81\.8 % to 89\.0 %\), worse$/m);
    expect(told).toMatch(new RegExp(`^measured +${unknown}$`, 'm'));
    expect(await run('diff', 'good@1', 'good@3')).toMatch(/^accuracy .*, no clear difference$/m);
    const passed = await tensorgate('promote', 'good@3');
    expect([passed.code, passed.stderr]).toEqual([
      0,
      expect.stringContaining('gate: accuracy 96.0 % (94.0 % to 98.0 %), before: 97.5 % (95.3 % to 98.7 %)\n'),
    ]);
    expect((await json('promote', 'good@2', '--force')).after).toMatchObject({
      version: 2,
      previous: 3,
      forced: expect.stringContaining('its accuracy is 85.8 %'),
    });
    await run('push', file('twice.onnx'), '--name', 'good');
    const unmeasured = 'what was measured is not compared: version 4 has no metrics with intervals, as version 2 has';
    await fails(['promote', 'good@4'], `gate: model 'good' version 4: ${unmeasured}\n`, 2);
    expect((await json('promote', 'good@4', '--force')).after).toMatchObject({ version: 4, forced: unmeasured });
  });

  test('what was made of a version is worth what was measured of that, or nothing', async () => {
    const accuracy = (value: number) => ({ accuracy: { value, low: value - 0.02, high: value + 0.02 } });
    const made = (by: string, source: string) => ({ made: { by, source: { name: source, sha256: '0' } } });
    const said = [accuracy(0.9), {}, accuracy(0.5), {}, {}, {}, {}, {}, {}];
    for (const metrics of said) {
      await writeFile(file('measured.json'), JSON.stringify(metrics));
      await run('push', file('twice.onnx'), '--name', 'made', '--metrics', file('measured.json'));
    }
    const sources = [
      [4, made('optimize', 'made@2')],
      [5, made('prune', 'made@3')],
      [6, made('distil', 'made@7')],
      [7, made('optimize', 'made@1')],
      [8, made('optimize', file('twice.onnx'))],
      [9, made('optimize', 'made@9')],
    ] as const;
    for (const [version, how] of sources) {
      const path = file(`repository/made/${version}/manifest.json`);
      await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...how }));
    }
    await run('alias', 'made', 'production=1');
    const unmeasured = (version: number) =>
      `gate: model 'made' version ${version}: what was measured is not compared: version ${version} has no metrics with intervals, as version 1 has\n`;
    await fails(['promote', 'made@4'], unmeasured(4), 2);
    await fails(['promote', 'made@8'], unmeasured(8), 2);
    await fails(['promote', 'made@9'], unmeasured(9), 2);
    await fails(
      ['promote', 'made@5'],
      'its accuracy is 50.0 % (48.0 % to 52.0 %), worse than that of the version before, 90.0 %',
      2,
    );
    await run('promote', 'made@6');
    expect((await lastChange()).details.gate.notes).toEqual([
      expect.stringContaining('samples'),
      'of version 6 counts what was measured of made@1, which it was made of and judged by',
      'whether version 1 and version 6 were measured by the same rows is not known',
    ]);
    // What replaces it is held to the same.
    await fails(['promote', 'made@3'], 'worse than that of the version before, 90.0 %', 2);
  });

  test('has what all hosts have written of its canary', async () => {
    await run('push', file('twice.onnx'), '--name', 'told');
    await run('push', file('twice.onnx'), '--name', 'told');
    await run('alias', 'told', 'production=1');
    const { after } = await json('canary', 'told@2', '--percent', '10');
    await run('shadow', 'told@2', '--percent', '5');
    await mkdir(file('repository/.canary/told/production'), { recursive: true });
    const counts = { canary: { calls: 5, errors: 1, timed: 4, slow: 1 }, compared: 3, disagreed: 1 };
    const stable = { calls: 45, errors: 0, timed: 40, slow: 2 };
    for (const [host, canary] of Object.entries({ a: after.canary, b: after.canary, old: { version: 7 } })) {
      const content = { trial: JSON.stringify([1, canary]), counts: { ...counts, stable } };
      await writeFile(file(`repository/.canary/told/production/${host}.json`), JSON.stringify(content));
    }
    expect((await run('releases', 'told')).split('\n')).toEqual([
      'model              told',
      'production         version 1',
      'production canary  version 2, 10 % of the calls',
      '  canary           10 calls, 2 failed, 2 of 8 slow',
      '  stable           90 calls, 0 failed, 4 of 80 slow',
      expect.stringMatching(
        /^ {2}evidence +that it is worse: errors [\d.]+, latency [\d.]+, answers [\d.]+; it is taken back where one reaches 300$/,
      ),
      '  answers          4 of 6 agree',
      'production shadow  version 2, 5 % of the calls',
      '',
    ]);
    expect(await json('releases', 'told')).toMatchObject({ name: 'told', aliases: { production: { version: '1' } } });
    await fails(['releases', 'tld'], "no model 'tld'");
  });

  test('may be shadowed, deprecated and deleted, once no alias names it', async () => {
    await run('push', file('twice.onnx'), '--name', 'd');
    await run('push', file('twice.onnx'), '--name', 'd');
    await run('alias', 'd', 'production=1');
    expect((await json('shadow', 'd@2', '--percent', '5')).after).toEqual({
      version: 1,
      shadow: { version: 2, percent: 5 },
    });
    await fails(
      ['delete', 'd@2'],
      "version 2 is in use by alias 'production' as its shadow: tensorgate shadow <model>@2 --percent 0 --alias production ends that",
    );
    await fails(['shadow', 'd@3', '--percent', '0'], "the shadow of alias 'production' is version 2, not 3");
    await run('shadow', 'd@2', '--percent', '0');
    await run('canary', 'd@2', '--percent', '5');
    await fails(['delete', 'd@2'], 'as its canary: tensorgate canary <model>@2 --percent 0 --alias production');
    await fails(['canary', 'd@3', '--percent', '0'], "the canary of alias 'production' is version 2, not 3");
    expect((await json('canary', 'd@2', '--percent', '0')).after).toEqual({ version: 1 });
    await run('deprecate', 'd@2', '--reason', 'use 3');
    await fails(['promote', 'd@2'], 'it is deprecated: use 3', 2);
    const undone = await run('deprecate', 'd@2', '--undo');
    expect(undone).toBe("model 'd' version 2 is not deprecated\n");
    expect(await json('show', 'd')).toMatchObject({ versionNotes: {} });
    expect(await lastChange()).toMatchObject({ action: 'undeprecate', model: 'd', version: 2 });
    await run('deprecate', 'd@2', '--reason', 'use 3');
    expect(await json('versions', 'd')).toMatchObject([
      { version: 1, bytes: 153, aliases: ['production'] },
      { version: 2, aliases: [], deprecated: 'use 3' },
    ]);
    await run('delete', 'd@2');
    expect((await readdir(file('repository/d'))).sort()).toEqual(['.aliases.lock', '1', 'aliases.json']);
    expect(await run('delete', 'd@2')).toBe("model 'd' version 2 is deleted\n");
    await fails(['alias', 'd', 'production=2'], "model 'd' has no version 2: it was deleted; it has 1");
    expect(await run('push', file('twice.onnx'), '--name', 'd')).toContain('version 3');
    await run('alias', 'd', 'production=');
    for (const version of ['1', '3']) await run('delete', `d@${version}`);
    expect(await run('push', file('twice.onnx'), '--name', 'd')).toContain('version 4');
  });

  test('is compared with another', async () => {
    const found = await json('diff', 'm@1', 'm@3');
    expect(found).toMatchObject({
      breaks: [],
      inputs: 'samples.jsonl of version 3',
      runs: 1,
      answers: { y: { largest: 8, flips: 1, rows: 1, otherShapes: 0 } },
    });
    expect(found.versions).toMatchObject([
      { version: 1, operators: { Mul: 1 } },
      { version: 3, ms: expect.any(Number) },
    ]);
    const text = await run('diff', 'm@1', 'm@3');
    expect(text).toMatch(/^ {2}y +largest difference 8, 1 of 1 labels flipped$/m);
    expect(text).toMatch(/^operators +the same$/m);
    const other = await run('diff', 'm@1', 'm@4');
    expect(other).toMatch(/^callers +input 'x' takes/m);
    expect(other).toMatch(/^answers +not compared, as one refuses the inputs of the other: /m);
  });

  test('is shown with its manifest, or without where it has none', async () => {
    expect(await json('show', 'm@1')).toMatchObject({ model: 'm', version: 1, manifest: { model: 'm', version: 1 } });
    expect(await run('show', 'm@1')).toMatch(/^file +samples\.jsonl {2}\d+ B {2}[0-9a-f]{64}$/m);
    await rm(file('repository/m/4/manifest.json'));
    expect(await json('show', 'm@4')).toMatchObject({ manifest: null });
    expect(await run('show', 'm@4')).toMatch(/^manifest +none: it was not stored by tensorgate push$/m);
  });
});

test.each([
  [['alias', 'm', 'production'], 'Expected an alias and a version, such as production=4.'],
  [['alias', 'm', '9=1'], 'An alias begins with a letter, as a number is taken for a version.'],
  [['alias', 'm', 'production=x'], 'Expected a whole number from 1 on.'],
  [['canary', 'm@2', '--percent', '101'], 'Expected a number from 0 to 100.'],
  [['canary', 'm@2', '--percent', '1', '--sticky', 'ip'], 'Allowed choices are key, id, none.'],
  [['canary', 'm', '--percent', '1'], 'Expected a model with a version, such as m@4 or m@production.'],
  [['canary', 'm', '2', '--percent', '1'], "too many arguments for 'canary'"],
  [['show', 'm@'], 'Expected a model, or one with a version, such as fraud, fraud@4 or fraud@production.'],
  [['push', 'x.onnx', '--name', 'm@production'], 'Expected a whole number from 1 on.'],
  [['deprecate', 'm@2'], 'expected --reason <text>, which says why, or --undo, which takes it back'],
  [['deprecate', 'm@2', '--undo', '--reason', 'x'], "'--undo' cannot be used with option '--reason <text>'"],
])('%j is an error of usage', (words, message) => fails(words, message, 64));
