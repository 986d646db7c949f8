/** A time in ISO 8601 as whole seconds since 1970, as OpenAI's objects have times. */
export function unixSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}
