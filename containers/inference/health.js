// Asks the server of this container whether it is alive; ends with 0 where it is. Whether its models answer is another question: GET /v2/health/ready.
const port = process.env.TENSORGATE_HEALTH_PORT ?? '8080';
const answer = await fetch(`http://127.0.0.1:${port}/v2/health/live`, { signal: AbortSignal.timeout(2000) }).catch(
  () => undefined,
);
process.exitCode = answer?.ok ? 0 : 1;
