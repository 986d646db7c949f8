/**
 * What is signed of a payload: DSSE's pre-authentication encoding, so that no signature of another kind of document can
 * pass for ours. Source: Dead Simple Signing Envelope v1.0.2, protocol.md, PAE.
 */
export function signedBytes(type: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
}
