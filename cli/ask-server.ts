/** Asks a server. Rejects with an Error that says why it cannot be reached, or passes on what it answers to say no, with its `status`. */
export async function askServer(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init).catch((error: Error) => {
    const { cause } = error;
    throw new Error(`${url} cannot be reached: ${cause instanceof Error ? cause.message : error.message}`);
  });
  if (response.ok) return response;
  const message = `the server answers ${response.status}: ${errorOf(await response.text())}`;
  throw Object.assign(new Error(message), { status: response.status });
}

function errorOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not JSON: a proxy's page, say. Its text is all there is.
  }
  return text.slice(0, 200);
}
