import { checkFlag } from '../../protocol/check-flag.ts';
import type { Parameters } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** What a request says of the sequence that it belongs to. */
export interface SequenceRequest {
  /** As messages name it. */
  readonly id: string;
  /** What tells it apart: the number 7 and the text '7' are two, and so are the ids of two callers. */
  readonly key: string;
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

const names = ['sequence_id', 'sequence_start', 'sequence_end'];
const longestId = 128;

/**
 * Reads Triton's parameters of sequences. Throws 400 where there is no id, or a parameter is not as it should be.
 *
 * @param caller whose sequence it is; undefined where callers need no key
 */
export function readSequence(parameters: Parameters, caller: string | undefined): SequenceRequest {
  const unknown = Object.keys(parameters).find((name) => name.startsWith('sequence') && !names.includes(name));
  if (unknown !== undefined) {
    const given = unknown.slice(0, 50);
    throw new ServiceError(400, `parameter '${given}': expected sequence_id, sequence_start or sequence_end`);
  }
  checkFlag('', parameters, 'sequence_start');
  checkFlag('', parameters, 'sequence_end');
  const { sequence_start: isStart, sequence_end: isEnd } = parameters;
  const id = readId(parameters);
  return {
    id: typeof id === 'number' ? String(id) : `'${id}'`,
    key: JSON.stringify([caller ?? null, id]),
    isStart: isStart === true,
    isEnd: isEnd === true,
  };
}

/** As Triton has it, 0 and the empty text are no ids. */
function readId({ sequence_id: id = 0 }: Parameters): string | number {
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return id;
  if (typeof id === 'string' && id !== '' && id.length <= longestId) return id;
  if (id === 0 || id === '') {
    throw new ServiceError(
      400,
      'the model keeps state from request to request: name the sequence by the parameter sequence_id, a whole number from 1 on or a text, and begin it with sequence_start: true',
    );
  }
  const given = JSON.stringify(id).slice(0, 50);
  throw new ServiceError(
    400,
    `parameter 'sequence_id': expected a whole number from 1 to 2^53 - 1, or a text of at most ${longestId} characters, got ${given}`,
  );
}
