import type { Architecture } from './architecture.ts';

/**
 * The files of each package that a function needs at run time: ONNX Runtime's library, the binding as the fallback,
 * koffi, which calls the library, sharp, which decodes pictures, and tokenizers, which finds the tokens of texts. A folder
 * stands for the files in it that end as the pattern says.
 */
export function layerFiles(architecture: Architecture): Readonly<Record<string, readonly string[]>> {
  const natives = `bin/napi-v6/linux/${architecture}`;
  return {
    'onnxruntime-node': [
      'package.json',
      'dist/*.js',
      `${natives}/libonnxruntime.so.1`,
      `${natives}/onnxruntime_binding.node`,
    ],
    'onnxruntime-common': ['package.json', 'dist/cjs/*.js', 'dist/cjs/package.json'],
    koffi: ['package.json', 'LICENSE.txt', 'index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/*.cjs'],
    [`@koromix/koffi-linux-${architecture}`]: ['package.json', 'index.js', `linux_${architecture}/koffi.node`],
    sharp: ['package.json', 'LICENSE', 'dist/*.cjs'],
    // Another one lies beside it, for those who build.
    'sharp/node_modules/semver': ['package.json', 'LICENSE', '*.js', '{classes,functions,internal,ranges}/*.js'],
    '@img/colour': ['package.json', 'LICENSE.md', '*.cjs'],
    'detect-libc': ['package.json', 'LICENSE', 'lib/*.js'],
    [`@img/sharp-linux-${architecture}`]: ['package.json', 'LICENSE', 'index.cjs', 'lib/*.node'],
    [`@img/sharp-libvips-linux-${architecture}`]: ['package.json', 'README.md', 'lib/index.js', 'lib/*.so.*'],
    tokenizers: ['package.json', 'LICENSE', 'index.js', `tokenizers.linux-${architecture}-gnu.node`],
  };
}
