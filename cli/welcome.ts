import type { RunningServer } from '../src/adapters/running-server.ts';
import { taskNameOf } from '../src/core/tasks/task-name-of.ts';
import type { DocumentedModel } from '../src/http/openapi/documented-model.ts';
import { describeSpec } from './describe-spec.ts';
import { exampleCall } from './example-call.ts';

interface WelcomeOptions {
  readonly models: string;
  readonly only?: readonly string[] | undefined;
  /** The file of the certificate, which a caller has to trust. */
  readonly tlsCert?: string | undefined;
  /** The file of keys, of which a caller needs one. */
  readonly apiKeys?: string | undefined;
}

/** Says where the server listens, what it serves, and how to call it. The first lines appear only once it accepts. */
export async function printWelcome(
  { url, grpcAddress, dataPlane }: RunningServer,
  { models, only, tlsCert, apiKeys }: WelcomeOptions,
): Promise<void> {
  const { repository } = dataPlane;
  // In one piece: whoever waits for the first line has both.
  console.log(`listening on ${url}${grpcAddress === undefined ? '' : `\ngRPC on ${grpcAddress}`}`);
  const index = repository.index();
  if (index.length === 0)
    console.log(
      only
        ? `  no model in ${models} is called ${only.join(' or ')}; tensorgate models --models ${models} tells of those that there are`
        : `  no models in ${models} yet; tensorgate push FILE --name NAME adds one`,
    );
  const loaded: DocumentedModel[] = [];
  /** The first that goes on with text. */
  let text: string | undefined;
  for (const { name, version, state, reason } of index) {
    if (state !== 'READY' || version === undefined) {
      console.log(`  ${name}${version ? ` ${version}` : ''}: ${state}${reason && `, ${reason}`}`);
      continue;
    }
    const found = repository.resolve(name, version);
    const { inputs, outputs } = await dataPlane.signature(found);
    if (taskNameOf(found) === 'text-generation') {
      console.log(`  ${name} ${version}: text → text`);
      text ??= name;
      continue;
    }
    console.log(
      `  ${name} ${version}: ${inputs.map(describeSpec).join(', ')} → ${outputs.map(describeSpec).join(', ')}`,
    );
    // What keeps state answers no request by itself.
    if (!found.config.sequence) loaded.push({ name, versions: [version], inputs, outputs });
  }
  const example = text === undefined ? exampleCall(url, loaded) : textCall(url, text);
  const needed = [
    ...(tlsCert === undefined ? [] : [`--cacert '${tlsCert.replaceAll("'", "'\\''")}'`]),
    ...(apiKeys === undefined ? [] : ['-H "x-api-key: $KEY"']),
  ];
  if (example)
    console.log(
      `\ntry it:\n  ${example.replace('curl ', () => ['curl ', ...needed.map((each) => `${each} `)].join(''))}`,
    );
  console.log(`\ndocumentation: ${url}/docs`);
}

function textCall(url: string, model: string): string {
  const body = JSON.stringify({ model, prompt: 'Once upon a time', stream: true }).replaceAll("'", "'\\''");
  return `curl -sN ${url}/v1/completions -d '${body}'`;
}
