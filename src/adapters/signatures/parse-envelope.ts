import type { Envelope, EnvelopeSignature } from './envelope.ts';
import { payloadType } from './payload-type.ts';

// A version has one for each key that vouches for it.
const mostSignatures = 16;

/** Reads a `signature.json`. Throws an Error that says what is wrong with it. */
export function parseEnvelope(text: string): Envelope {
  const envelope = parsed(text);
  const { payload, signatures } = envelope;
  if (envelope.payloadType !== payloadType) throw new Error(`signature.json: expected payloadType '${payloadType}'`);
  const isList = Array.isArray(signatures) && signatures.length <= mostSignatures && signatures.every(isSignature);
  if (typeof payload !== 'string' || !isList)
    throw new Error(`signature.json: expected payload, and ${mostSignatures} signatures at most with keyid and sig`);
  return { payloadType, payload, signatures };
}

function parsed(text: string): Partial<Envelope> {
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    throw new Error('signature.json is no JSON', { cause });
  }
}

function isSignature(each: Partial<EnvelopeSignature> | null): each is EnvelopeSignature {
  return typeof each?.keyid === 'string' && typeof each.sig === 'string';
}
