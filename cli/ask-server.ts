/**
 * Asks a server, with the key of TENSORGATE_API_KEY if there is one. Rejects with an Error that says why it cannot be
 * reached, or passes on what it answers to say no, with its `status`.
 */
export async function askServer(url: string, init: RequestInit = {}): Promise<Response> {
  const key = process.env.TENSORGATE_API_KEY;
  const headers = new Headers(init.headers);
  if (key) headers.set('x-api-key', key);
  const response = await fetch(url, { ...init, headers }).catch((error: Error) => {
    const { message, code } = (error.cause ?? error) as NodeJS.ErrnoException;
    const hint = code === 'ECONNREFUSED' ? '; nothing listens there, and tensorgate serve starts a server' : '';
    throw new Error(`${url} cannot be reached: ${message || code}${hint}`);
  });
  if (response.ok) return response;
  const isRefused = response.status === 401 || response.status === 403;
  const hint = isRefused && !key ? '; TENSORGATE_API_KEY, which has the API key, is not set' : '';
  const message = `the server answers ${response.status}: ${errorOf(await response.text())}${hint}`;
  throw Object.assign(new Error(message), { status: response.status });
}

function errorOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
    // As OpenAI has it.
    const { message } = error as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Not JSON: a proxy's page, say. Its text is all there is.
  }
  const [, title] = /<title>([^<]*)<\/title>/i.exec(text) ?? [];
  if (title === undefined) return text.slice(0, 200);
  return `a page, '${title.trim().slice(0, 200)}': expected a Tensorgate server, or a path of it, at this URL`;
}
