import type { DocumentedModel } from '../src/http/openapi/documented-model.ts';
import { fewestElements } from '../src/http/openapi/fewest-elements.ts';
import { isHalf } from '../src/http/openapi/is-half.ts';
import { rawExample } from '../src/http/openapi/raw-example.ts';

// More are read by nobody, and those of an image are longer than a command line may be.
const mostValues = 50;

/**
 * A command line that calls the model of the smallest input, with ones in JSON or zeros as a raw body; undefined where
 * no model takes either.
 */
export function exampleCall(url: string, models: readonly DocumentedModel[]): string | undefined {
  const smallestFirst = [...models].sort((a, b) => countValues(a) - countValues(b));
  for (const model of smallestFirst) {
    const call = jsonCall(url, model) ?? rawExample(model, '')?.replace('http://HOST:PORT', url);
    if (call !== undefined) return call;
  }
  return undefined;
}

function countValues({ inputs }: DocumentedModel): number {
  return inputs.reduce((sum, { shape }) => sum + fewestElements(shape), 0);
}

function jsonCall(url: string, model: DocumentedModel): string | undefined {
  if (countValues(model) > mostValues) return undefined;
  if ([...model.inputs, ...model.outputs].some(({ datatype }) => isHalf(datatype))) return undefined;
  const inputs = model.inputs.map(({ name, datatype, shape }) => {
    const value = datatype === 'BYTES' ? 'text' : datatype === 'BOOL' ? true : 1;
    const data = Array.from({ length: fewestElements(shape) }, () => value);
    return { name, datatype, shape: shape.map(Math.abs), data };
  });
  const body = JSON.stringify({ inputs }).replaceAll("'", "'\\''");
  return `curl -s ${url}/v2/models/${model.name}/infer -d '${body}'`;
}
