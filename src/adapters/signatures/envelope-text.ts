import type { Envelope } from './envelope.ts';

/** An envelope as `signature.json` has it. */
export function envelopeText(envelope: Envelope): string {
  return `${JSON.stringify(envelope, null, 2)}\n`;
}
