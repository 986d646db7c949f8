import type { Emulator } from './emulator.ts';

/** Says what was deployed, and how to call it: lines that work when pasted. */
export function printOutputs(
  stage: string,
  outputs: Readonly<Record<string, string>>,
  emulator: Emulator | undefined,
): void {
  const { ApiUrl: url = '', ModelBucketName: bucket = '' } = outputs;
  const endpoint = emulator ? emulator.prefix : '';
  const base = `${emulator ? emulator.urlOf(url) : url}/`.replace(/\/+$/, '/');
  const host = emulator ? ` -H 'Host: ${emulator.hostOf(url)}'` : '';
  console.log('\noutputs:');
  for (const [name, value] of Object.entries(outputs)) console.log(`  ${name.padEnd(18)} ${value}`);
  console.log(`
put a model in the bucket:
  ${endpoint}npm run -s tensorgate -- push models/iris/1/model.onnx --name iris --models s3://${bucket}

call it:
  KEY=$(${endpoint}npm run -s tensorgate -- ${keyCommand(outputs)} --stage ${stage})
  curl -s${host} -H "x-api-key: $KEY" ${base}v2/models
  curl -s${host} -H "x-api-key: $KEY" ${base}v2/models/iris/infer -d '{"inputs":[{"name":"X","datatype":"FP32","shape":[1,4],"data":[5.1,3.5,1.4,0.2]}]}'
`);
}

/** What prints a key's value: of one that the deployment made, or else of one that it makes. */
function keyCommand(outputs: Readonly<Record<string, string>>): string {
  const name = Object.keys(outputs)
    .find((output) => output.endsWith('KeyId'))
    ?.replace(/KeyId$/, '');
  return name ? `keys show ${name}` : 'keys create me';
}
