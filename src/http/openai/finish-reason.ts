import type { TextFinish } from '../../core/generation/generate-text.ts';

/** Why a text ended, in OpenAI's words. */
export function finishReason(finish: TextFinish): 'stop' | 'length' {
  return finish === 'length' ? 'length' : 'stop';
}
