import type { SessionOutput } from '../../ports/session.ts';
import type { OutputTensor } from '../../protocol/inference.ts';
import { remoteFailure } from './remote-failure.ts';

/** The tensors of an answer in the order in which they were asked for. Throws 502 where one is missing. */
export function outputsOf(
  server: string,
  outputs: readonly OutputTensor[],
  names: readonly string[],
): readonly SessionOutput[] {
  return names.map((name) => {
    const found = outputs.find((output) => output.name === name);
    if (!found) throw remoteFailure(server, 502, `its answer has no output '${name}'`);
    const { name: _name, parameters: _parameters, ...tensor } = found;
    return tensor;
  });
}
