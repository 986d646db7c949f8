import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listAudit } from '../../src/adapters/audit/list-audit.ts';
import { verifyAudit } from '../../src/adapters/audit/verify-audit.ts';
import { openModelStore } from '../../src/adapters/open-model-store.ts';
import { openRepositoryFolder } from '../../src/adapters/open-repository-folder.ts';
import { checkVersion } from '../../src/adapters/signatures/check-version.ts';
import { filesOfManifest } from '../../src/adapters/signatures/files-of-manifest.ts';
import { namedVersions } from '../../src/core/releases/named-versions.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { type CliResult, startCli } from '../fakes/start-cli.ts';

const s3 = new FakeS3();
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-killed-release-'));
  const value = { datatype: 'FP32' as const, shape: ['N', 1] };
  const model = buildOnnx({
    inputs: [{ name: 'x', ...value }],
    outputs: [{ name: 'y', ...value }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
  await writeFile(join(folder, 'model.onnx'), model);
  await writeFile(join(folder, 'labels.txt'), 'one\ntwo\n');
});
afterEach(() => rm(folder, { recursive: true }));

/** Where a process is killed: at its write of this number, before it or in its midst. */
interface Kill {
  readonly at: number;
  readonly half: boolean;
}

interface Kind {
  /** Whether two commands may run at once, each in its repository. */
  readonly isShared: boolean;
  uri(name: string): string;
  /** Makes a repository that is the same as another. */
  copy(from: string, to: string): Promise<void>;
  /** Runs a command, killed if `kill` says so; and how many writes it made. */
  run(words: readonly string[], kill?: Kill): Promise<CliResult & { readonly writes: number }>;
}

const environment = () => ({ ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') });

const onDirectory: Kind = {
  isShared: true,
  uri: (name) => join(folder, name),
  copy: (from, to) => cp(join(folder, from), join(folder, to), { recursive: true }),
  async run(words, kill) {
    const told = join(folder, `writes-${kill?.half}`);
    await writeFile(told, '');
    const how = { KILL_AT: String(kill?.at ?? 0), ...(kill?.half && { KILL_HALF: '1' }), WRITES_TOLD: told };
    const options = { NODE_OPTIONS: '--import ./test/crash/kill-at-write.ts' };
    const result = await startCli({ ...environment(), ...options, ...how }, ...words).ended;
    return { ...result, writes: (await readFile(told, 'utf8')).split('\n').length - 1 };
  },
};

const onS3: Kind = {
  // The fault of the store is that of one command.
  isShared: false,
  uri: (name) => `s3://models/${name}`,
  async copy(from, to) {
    for (const [key, object] of [...s3.objects])
      if (key.startsWith(`${from}/`)) s3.objects.set(`${to}${key.slice(from.length)}`, object);
  },
  async run(words, kill) {
    let writes = 0;
    const cli = startCli({ ...environment(), ...s3.environment }, ...words);
    s3.fault = ({ method }) => {
      if (!['PUT', 'POST', 'DELETE'].includes(method)) return undefined;
      writes += 1;
      if (writes !== kill?.at) return undefined;
      cli.process.kill('SIGKILL');
      // Before it is done, or once it is and before anyone hears of it.
      return kill.half ? undefined : { status: 500 };
    };
    const result = await cli.ended;
    s3.fault = () => undefined;
    return { ...result, writes };
  },
};

/** Throws an Error where anything half-done can be seen. */
async function checkWhole(uri: string): Promise<void> {
  const store = openModelStore(uri);
  const [model, ...others] = await store.list();
  if (!model || others.length > 0 || model.problem !== undefined || model.misplaced.length > 0)
    throw new Error(`there is ${JSON.stringify([model, ...others])}`);
  for (const version of model.versions) {
    const manifest = await store.readText('m', version, 'manifest.json');
    await checkVersion(store, 'm', version, filesOfManifest(manifest));
  }
  const named = Object.values(model.aliases).flatMap(namedVersions);
  const dangling = named.filter((version) => !model.versions.includes(version));
  if (dangling.length > 0) throw new Error(`aliases name ${dangling}`);
  const { faults } = await verifyAudit(openRepositoryFolder(uri, '.audit'), { heads: [] });
  if (faults.length > 0) throw new Error(`the audit log: ${JSON.stringify(faults)}`);
}

/** What the repository is, as far as commands change it. */
async function stateOf(uri: string): Promise<string> {
  return JSON.stringify(await openModelStore(uri).find('m'));
}

/** The actions that `audit list` tells of, and those that were begun and have no end, as `audit verify` does. */
async function actionsOf(
  uri: string,
): Promise<{ readonly listed: readonly unknown[]; readonly open: readonly unknown[] }> {
  const store = openRepositoryFolder(uri, '.audit');
  const listed: unknown[] = [];
  for await (const { action } of listAudit(store, {})) listed.push(action);
  return { listed, open: (await verifyAudit(store, { heads: [] })).open.map(({ action }) => action) };
}

const pushed = (version: number) => [
  'push',
  join(folder, 'model.onnx'),
  join(folder, 'labels.txt'),
  '--name',
  `m@${version}`,
];

interface Command {
  readonly words: () => readonly string[];
  /** What the model is in the end. */
  readonly end: object;
  /** What it says where it was done before it was killed. */
  readonly done?: string;
}

const commands: Readonly<Record<string, Command>> = {
  push: { words: () => pushed(3), end: { versions: [1, 2, 3] }, done: 'exists already' },
  alias: { words: () => ['alias', 'm', 'next=2'], end: { aliases: { next: { version: 2 } } } },
  promote: { words: () => ['promote', 'm@2'], end: { aliases: { production: { version: 2, previous: 1 } } } },
  delete: { words: () => ['delete', 'm@2'], end: { versions: [1], versionNotes: { 2: { deleted: true } } } },
};

describe.each<[string, Kind]>([
  ['a directory', onDirectory],
  ['S3', onS3],
])('on %s', (_kind, { isShared, uri, copy, run }) => {
  test.each(Object.keys(commands))(
    '%s, killed at any write, shows nothing half-done, and is done by the next',
    async (name) => {
      Object.assign(process.env, s3.environment);
      const { words, end, done } = commands[name] as Command;
      const on = (place: string) => ['--models', uri(place)];
      for (const version of [1, 2]) await run([...pushed(version), ...on('first')]);
      await run(['alias', 'm', 'production=1', ...on('first')]);
      await copy('first', 'whole');
      const before = { state: await stateOf(uri('first')), listed: (await actionsOf(uri('first'))).listed };
      const whole = await run([...words(), ...on('whole')]);
      expect(whole).toMatchObject({ code: 0 });
      expect(whole.writes).toBeGreaterThan(1);
      expect(await actionsOf(uri('whole'))).toEqual({ listed: [...before.listed, name], open: [] });
      let [cutOff, changes] = [0, 0];
      const killAtEach = async (half: boolean) => {
        for (let at = 1; at <= whole.writes; at += 1) {
          const place = `${name}-${at}-${half}`;
          await copy('first', place);
          const command = [...words(), ...on(place)];
          expect((await run(command, { at, half })).code).toBeNull();
          await checkWhole(uri(place));
          const { listed, open } = await actionsOf(uri(place));
          const isChanged = (await stateOf(uri(place))) !== before.state;
          // No change is without a line, whenever its process was killed.
          if (isChanged) expect(listed).toEqual([...before.listed, name]);
          if (open.length > 0) expect([listed, open]).toEqual([[...before.listed, name], [name]]);
          cutOff += open.length;
          changes += isChanged && open.length > 0 ? 1 : 0;
          const { code, stderr } = await run(command);
          if (code !== 0) expect(stderr).toContain(done ?? 'nothing');
          await checkWhole(uri(place));
          expect(await openModelStore(uri(place)).find('m')).toMatchObject(end);
        }
      };
      if (isShared) await Promise.all([killAtEach(false), killAtEach(true)]);
      else for (const half of [false, true]) await killAtEach(half);
      // Some of them were killed between the change and its last line.
      expect([cutOff > 0, changes > 0]).toEqual([true, true]);
      console.log(`${name}: killed at each of ${whole.writes} writes, before it and in its midst`);
    },
    600_000,
  );
});
