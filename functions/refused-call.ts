import { gatewayCaller } from '../src/adapters/api-keys/gateway-caller.ts';
import { modelInPath } from '../src/core/model-in-path.ts';
import { jsonIn } from '../src/protocol/json-in.ts';

type AccessLine = Readonly<Record<string, string | undefined>>;

/**
 * What the audit log has of a call that API Gateway refused, from a line of its access log; `atMs` is when it was
 * answered. A line that cannot be read is kept as it is: that somebody was refused is to be seen in any case.
 */
export function refusedCall(line: string, atMs: number): Record<string, unknown> {
  const common = { kind: 'denied', protocol: 'http', by: 'gateway', answeredAt: new Date(atMs).toISOString() };
  const read = jsonIn(line);
  if (typeof read !== 'object' || read === null) return { ...common, why: `not readable: ${line.slice(0, 1024)}` };
  // What API Gateway does not know it writes as a dash.
  const known = Object.entries(read as AccessLine).filter(([, value]) => typeof value === 'string' && value !== '-');
  const { method, path, requestId, status, refusal, error, ...who }: AccessLine = Object.fromEntries(known);
  return {
    ...common,
    method,
    path: path?.slice(0, 1024),
    requestId,
    who: nameOf(who),
    status: Number(status),
    model: path && modelInPath(path),
    why: [refusal, error].filter((word) => word !== undefined).join(': '),
  };
}

function nameOf({ caller = '', apiKeyId, principal }: AccessLine): string | undefined {
  const read = gatewayCaller.read(caller);
  return read && 'policy' in read ? read.policy : (apiKeyId ?? principal);
}
