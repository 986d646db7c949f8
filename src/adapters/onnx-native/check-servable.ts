import type { Signature } from './read-signature.ts';

/** Holds that at least one output can be answered. Throws an Error that says of each why it cannot. */
export function checkServable({ outputs, unservable }: Signature): void {
  if (outputs.length > 0) return;
  const reasons = unservable.map(({ name, reason }) => `'${name}' (${reason})`).join(', ');
  throw new Error(`none of its outputs can be answered: ${reasons}`);
}
