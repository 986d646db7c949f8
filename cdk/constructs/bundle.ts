import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { keepFolder } from '../../layers/keep-folder.ts';

const root = join(import.meta.dirname, '../..');
const cache = join(root, '.cache/bundles');

/** Files that the code reads rather than requires, so esbuild does not see them. */
const companions = ['package.json', 'swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'].map(
  (file) => `node_modules/swagger-ui-dist/${file}`,
);

/** The layer's: native, and not to be bundled. */
const layerPackages = ['koffi', 'onnxruntime-node', 'sharp', 'tokenizers'];

/**
 * Large packages that are imported on use, each a bundle of its own beside the handler's: to compile them with it,
 * unused, takes longer than to load all the rest.
 */
const lazyPackages = ['@aws-sdk/client-s3', 'ajv', 'jose'];

/** What was built by this process: most handlers have the same packages beside them, and several functions one handler. */
const built = new Map<string, string>();

/**
 * Bundles a handler's entry, with all it imports but the layer's packages, and returns the folder to deploy. Its
 * handlers are `index.handler` and, for environments that are kept started, `provisioned.handler`.
 *
 * The bundle is CommonJS because `require` finds the layer's packages, through NODE_PATH, and `import` does not. A
 * folder is named by what it holds, so an unchanged handler is the same asset.
 */
export function bundle(entry: string): string {
  const handler = build(entry, [...layerPackages, ...lazyPackages]);
  const used = lazyPackages.filter((name) => handler.includes(`require("${name}")`));
  const files: readonly (readonly [string, string | Buffer])[] = [
    ['index.js', handler],
    ...used.map((name) => [`node_modules/${name}/index.js`, build(name, layerPackages)] as const),
    ['provisioned.mjs', readFileSync(join(root, 'functions/provisioned.mjs'))],
    // Says how to read index.js wherever the folder lies, also inside this package, whose own files are ES modules.
    ['package.json', '{"type":"commonjs"}'],
    ...companions.map((name) => [name, readFileSync(join(root, name))] as const),
  ];
  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(name).update(content);
  const folder = join(cache, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;

  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, 'bundle-'));
  for (const [name, content] of files) {
    mkdirSync(dirname(join(unfinished, name)), { recursive: true });
    writeFileSync(join(unfinished, name), content);
  }
  keepFolder(unfinished, folder);
  return folder;
}

function build(entry: string, external: readonly string[]): string {
  const before = built.get(entry);
  if (before !== undefined) return before;
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    external: [...external],
    // ES modules, of which what nobody imports is left out: a third of the handler's bundle.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    // Else a dynamic import of the layer's packages stays one, and import does not look into the layer.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild wrote nothing for ${entry}`);
  built.set(entry, output.text);
  return output.text;
}
