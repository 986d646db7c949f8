/** Whose call API Gateway says it is. */
export type GatewayCaller =
  | { readonly policy: string }
  /** A key of which there is no policy. */
  | { readonly key: true };

const prefix = 'policy:';

/**
 * How the authorizer tells whose a key is, to whatever stands behind API Gateway: in letters that stand in a header,
 * and in the JSON of an access log, whatever the policy is called.
 */
export const gatewayCaller = {
  /** @param policy the name of the key's policy; undefined: it has none */
  words: (policy?: string): string => (policy === undefined ? 'key' : prefix + encodeURIComponent(policy)),
  /** Undefined where it is something else. */
  read(words: string): GatewayCaller | undefined {
    if (words === 'key') return { key: true };
    return words.startsWith(prefix) ? { policy: decodeURIComponent(words.slice(prefix.length)) } : undefined;
  },
};
