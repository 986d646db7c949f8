import type { Fields } from '../../core/fields.ts';
import type { StreamOptions } from './text-frame.ts';

export interface Stream extends StreamOptions {
  readonly isStreamed: boolean;
}

/** Whether an answer comes as a stream, and how. Throws 400. */
export function readStream(fields: Fields): Stream {
  const isStreamed = fields.flag('stream') ?? false;
  const options = fields.value('stream_options');
  if (options === undefined) return { isStreamed, includeUsage: false };
  const { include_usage: includeUsage = false, include_obfuscation: isPadded = false, ...more } = Object(options);
  const isObject = typeof options === 'object' && !Array.isArray(options);
  const isRight = isObject && typeof includeUsage === 'boolean' && !isPadded && Object.keys(more).length === 0;
  if (!isStreamed || !isRight)
    throw fields.wrong(
      'stream_options',
      '{"include_usage": true or false, "include_obfuscation": false}, with "stream": true',
    );
  return { isStreamed, includeUsage };
}
