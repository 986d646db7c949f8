import type { DataPlane } from '../src/core/data-plane.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';
import { describeSpec } from './describe-spec.ts';

/** Says where the server listens, what it serves, and how to call it. The first line appears only once it accepts. */
export async function printWelcome(url: string, dataPlane: DataPlane): Promise<void> {
  console.log(`listening on ${url}`);
  let example: string | undefined;
  for (const { name, version, state, reason } of dataPlane.repository.index()) {
    if (state !== 'READY' || version === undefined) {
      console.log(`  ${name}${version ? ` ${version}` : ''}: ${state}${reason && `, ${reason}`}`);
      continue;
    }
    const { inputs, outputs } = await dataPlane.signature(dataPlane.repository.resolve(name, version));
    console.log(
      `  ${name} ${version}: ${inputs.map(describeSpec).join(', ')} → ${outputs.map(describeSpec).join(', ')}`,
    );
    if (inputs.every((input) => input.datatype !== 'FP16' && input.datatype !== 'BF16'))
      example ??= curl(url, name, inputs);
  }
  if (example) console.log(`\ntry it:\n  ${example}\n\ndocumentation: ${url}/docs`);
}

function curl(url: string, model: string, specs: readonly TensorSpec[]): string {
  const inputs = specs.map(({ name, datatype, shape: free }) => {
    const shape = free.map((size) => Math.abs(size));
    const elements = shape.reduce((product, size) => product * size, 1);
    const value = datatype === 'BYTES' ? 'text' : datatype === 'BOOL' ? true : 1;
    return { name, datatype, shape, data: Array.from({ length: elements }, () => value) };
  });
  const body = JSON.stringify({ inputs }).replaceAll("'", "'\\''");
  return `curl -s ${url}/v2/models/${model}/infer -d '${body}'`;
}
