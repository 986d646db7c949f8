/** Whether a body of a media type is JSON, as far as clients say what it is. */
export function isJson(type: string): boolean {
  return /^\s*(application\/json|application\/x-www-form-urlencoded|[^;]*\+json)\s*(;|$)/i.test(type);
}
