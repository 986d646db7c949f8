/**
 * `message` for a reader who has been told already what it speaks of: without the `label` that it begins with, if it
 * does.
 */
export function withoutLabel(message: string, label: string): string {
  if (message.startsWith(`${label}: `)) return message.slice(label.length + 2);
  return message.startsWith(`${label} `) ? `it${message.slice(label.length)}` : message;
}
