import { Fields } from '../fields.ts';
import { readTextParameters, type TextParameters, textParameterNames } from './read-text-parameters.ts';

/** What the protocol, Triton's extensions and hosts say beside a request, whatever it asks of a model. */
const ofProtocol = new Set([
  'binary_data_output',
  'content_link_output',
  'content_type',
  'headers',
  'priority',
  'sequence_end',
  'sequence_id',
  'sequence_start',
  'timeout',
]);

/** How Triton begins the names that it keeps for itself. */
const reserved = 'triton_';

/** The parameters of an infer request as those of a text. Throws 400 for what nobody knows. */
export function textInferParameters(parameters: Readonly<Record<string, unknown>>): TextParameters {
  const ofText = Object.entries(parameters).filter(([name]) => !ofProtocol.has(name) && !name.startsWith(reserved));
  return readTextParameters(new Fields(Object.fromEntries(ofText), textParameterNames, 'parameter'));
}
