/**
 * The error of a function that was called with something else than `expected`: whoever calls it by hand shall not take
 * silence for an answer.
 */
export function unknownEvent(expected: string, event: unknown): Error {
  const got =
    typeof event === 'object' && event !== null
      ? `an event with the fields ${Object.keys(event).join(', ') || '(none)'}`
      : JSON.stringify(event);
  return new Error(`expected ${expected}, got ${got}`);
}
