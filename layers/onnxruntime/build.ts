import { Argument, program } from 'commander';
import { buildLayer } from './build-layer.ts';

program
  .name('layer:build')
  .description("build ONNX Runtime's Lambda layer, and print its folder")
  .addArgument(new Argument('[architecture]', 'of the functions that use it').choices(['x64', 'arm64']).default('x64'))
  .action((architecture: 'x64' | 'arm64') => console.log(buildLayer(architecture)))
  .parse();
