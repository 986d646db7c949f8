import type { Exchange, ExchangeAccess } from '../ports/exchange.ts';
import type { InferenceResponse, OutputReference, OutputTensor } from '../protocol/inference.ts';
import { packTensor } from '../protocol/pack-tensor.ts';
import { endedBy } from './ended-by.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * The response with the outputs that `isLinked` names stored elsewhere, in the form of the binary tensor extension, and
 * a URL to each in its parameters instead of its data. Rejects with 503 where they cannot be stored, 504 once `signal`
 * aborts.
 */
export async function linkOutputs(
  response: InferenceResponse,
  isLinked: (output: string) => boolean,
  access: ExchangeAccess,
  signal: AbortSignal,
): Promise<InferenceResponse<OutputTensor | OutputReference>> {
  const link = async () => {
    const exchange = await access.open();
    return Promise.all(
      response.outputs.map((output) => (isLinked(output.name) ? linkOutput(output, exchange, signal) : output)),
    );
  };
  try {
    return { ...response, outputs: await untilAborted(link(), signal, 'the outputs were not stored') };
  } catch (error) {
    throw endedBy(signal, error);
  }
}

async function linkOutput(output: OutputTensor, exchange: Exchange, signal: AbortSignal): Promise<OutputReference> {
  const { name, datatype, shape, parameters } = output;
  const content = packTensor(output);
  const { url, expiresAt } = await exchange.putResult(content, signal);
  const link = { content_url: url, content_bytes: content.length, content_expires_at: expiresAt.toISOString() };
  return { name, datatype, shape, parameters: { ...parameters, ...link } };
}
