import { Fields } from '../../core/fields.ts';
import { mostTexts } from '../../core/generation/most-texts.ts';
import {
  readTextParameters,
  type TextParameters,
  textParameterNames,
} from '../../core/generation/read-text-parameters.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { textOfBytes } from '../../protocol/text-of-bytes.ts';
import type { HttpRequest } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';

export interface TextItems extends TextParameters {
  readonly prompts: readonly string[];
}

/**
 * Texts that a model is to go on with: JSON in the shape of Hugging Face's inference API, or one text as the body.
 *
 * Throws 400 that says what was expected, and what came; 413 for too many texts.
 */
export function readTextItems(request: HttpRequest): TextItems {
  const isText = /^\s*text\//i.test(String(request.headers['content-type'] ?? ''));
  const body = new Fields(isText ? { inputs: textOfBytes(request.body) } : jsonBody(request), ['inputs', 'parameters']);
  const inputs = body.value('inputs');
  const prompts: readonly unknown[] = Array.isArray(inputs) ? inputs : [inputs];
  const isRight = (prompt: unknown): prompt is string => typeof prompt === 'string';
  if (prompts.length === 0 || !prompts.every(isRight)) throw body.wrong('inputs', 'a text, or a list of texts');
  if (prompts.length > mostTexts)
    throw new ServiceError(
      413,
      `expected ${mostTexts} texts at most, got ${prompts.length}; a batch job takes any number`,
    );
  const given = body.value('parameters') ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw body.wrong('parameters', 'an object');
  const parameters = new Fields(given as Record<string, unknown>, textParameterNames, 'parameter');
  return { prompts, ...readTextParameters(parameters) };
}
