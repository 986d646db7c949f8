import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyFile } from '../../layers/copy-file.ts';
import { keepFolder } from '../../layers/keep-folder.ts';
import type { Architecture } from '../../layers/onnxruntime/architecture.ts';
import { copyRuntime } from '../../layers/onnxruntime/copy-runtime.ts';
import { layerFiles } from '../../layers/onnxruntime/layer-files.ts';
import { lockedPackages } from './locked-packages.ts';
import { placeCuda } from './place-cuda.ts';

const root = join(import.meta.dirname, '../..');

/** The code of the command; what lies beside it in the repository is for other hosts, or for building. */
const ownFiles = ['package.json', 'LICENSE', 'cli/**', 'src/**', 'containers/inference/health.js'];

/** What only functions of Lambda import, what reports installations, and types. */
const leftPackages = [
  '@middy/core',
  '@aws-lambda-powertools/logger',
  '@aws-lambda-powertools/metrics',
  '@scarf/scarf',
  '@types/node',
];

/** Packages as `import` finds them; the layer, whose files these come beside, has them for `require` alone. */
const modules: Readonly<Record<string, readonly string[]>> = {
  koffi: ['index.js', 'src/koffi/*.js', 'src/koffi/src/*.js'],
  sharp: ['dist/*.mjs'],
};

/** What packages bring for whoever reads or debugs them; licences stay. */
const unused =
  /(?<!licen[cs]e)\.(md|map|d\.[cm]?ts|tsbuildinfo)$|(^|\/)(test|tests|docs|examples?|benchmarks?|\.github)\//i;

export interface ApplicationOptions {
  readonly target: 'cpu' | 'cuda';
  /** Processors that it is for. CUDA's libraries are for x64. */
  readonly architecture: Architecture;
  /** Where pip put what `cuda-requirements.txt` names; for the target `cuda`. */
  readonly cudaPackages?: string | undefined;
}

/**
 * Assembles the folder that a container runs: the command, the packages that it needs, and the native files of one platform.
 * It takes installed packages, and asks a registry for native ones of another processor than this machine's alone.
 *
 * The same lock file gives the same bytes, modes and times. Throws where `folder` has something in it already.
 */
export function assembleApplication(folder: string, options: ApplicationOptions): void {
  const { target, architecture, cudaPackages } = options;
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    copyRuntime(architecture, join(root, '.cache/layers/packages'), join(unfinished, 'node_modules'));
    for (const [name, files] of Object.entries(modules))
      copyAll(join(root, 'node_modules', name), files, join(unfinished, 'node_modules', name), '');
    if (target === 'cuda') placeCuda(cudaPackages, unfinished);
    copyAll(root, ownFiles, unfinished, '');
    const natives = Object.keys(layerFiles(architecture));
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const needed = Object.keys(packages[''].dependencies);
    for (const path of lockedPackages(packages, needed, [...leftPackages, ...natives]))
      copyAll(join(root, path), ['**'], join(unfinished, path), 'node_modules/');
    // A temporary folder is its maker's alone; this one is read by the container's user.
    chmodSync(unfinished, 0o755);
    keepFolder(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Copies what runs of the files that `patterns` name; `inner` begins those of packages inside a package, which are copied for themselves. */
function copyAll(source: string, patterns: readonly string[], target: string, inner: string): void {
  for (const file of globSync([...patterns], { cwd: source }).sort()) {
    const isInner = inner !== '' && file.startsWith(inner);
    if (!isInner && !unused.test(file) && statSync(join(source, file)).isFile())
      copyFile(join(source, file), join(target, file));
  }
}
