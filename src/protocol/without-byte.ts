/** A refusal of JSON that the server wrote itself, without the place in it: the caller's body has something else there. */
export function withoutByte(message: string): string {
  return message.replace(/ \(at byte \d+\)/, '');
}
