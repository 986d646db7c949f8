// Asks the server of this container whether it is alive; ends with 0 where it is. Whether its models answer is another question: GET /v2/health/ready.
import http from 'node:http';
import https from 'node:https';

// As `serve` was told: another port, or a path before all others (127.0.0.1:9000/api).
const address = process.env.TENSORGATE_HEALTH_ADDRESS ?? '127.0.0.1:8080';
// It is its own container that it asks: whose name the certificate has does not matter.
const options = { agent: false, rejectUnauthorized: false };

/** Whether there is an answer of 200 by this protocol. */
function answers(client, protocol) {
  const signal = AbortSignal.timeout(2000);
  return new Promise((resolve) => {
    client
      .get(`${protocol}://${address}/v2/health/live`, { ...options, signal }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      })
      .on('error', () => resolve(false));
  });
}

process.exitCode = (await answers(http, 'http')) || (await answers(https, 'https')) ? 0 : 1;
