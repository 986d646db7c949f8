import type { Emulator } from './emulator.ts';

type Outputs = Readonly<Record<string, string>>;
type LocalAws = Pick<Emulator, 'prefix' | 'urlOf' | 'hostOf'>;

const request = `'{"inputs":[{"name":"X","datatype":"FP32","shape":[1,4],"data":[5.1,3.5,1.4,0.2]}]}'`;

/** Says what was deployed, and how to call it: lines that work when pasted. `emulator`: where it was, if not on AWS. */
export function printOutputs(stage: string, outputs: Outputs, emulator: LocalAws | undefined): void {
  const { ApiUrl = '', SignedApiUrl, ModelBucketName: bucket = '' } = outputs;
  const takesKeys = Object.keys(outputs).some((name) => name.endsWith('PlanId'));
  const signed = takesKeys ? SignedApiUrl : ApiUrl;
  const tensorgate = `${emulator?.prefix ?? ''}npm run -s tensorgate --`;
  console.log('\noutputs:');
  for (const [name, value] of Object.entries(outputs)) console.log(`  ${name.padEnd(18)} ${value}`);
  console.log(`
put a model in the bucket:
  ${tensorgate} push models/iris/1/model.onnx --name iris --models s3://${bucket}`);
  if (takesKeys)
    console.log(`
call it with a key:
  KEY=$(${tensorgate} ${keyCommand(outputs)} --stage ${stage})
${calls(ApiUrl, '-H "x-api-key: $KEY"', emulator)}`);
  if (signed !== undefined)
    console.log(`
call it with a signature${emulator ? '' : ', of the credentials that `eval "$(aws configure export-credentials --format env)"` gives the shell'}:
${calls(signed, signature(signed, emulator), emulator)}`);
  console.log();
}

function calls(url: string, authorization: string, emulator: LocalAws | undefined): string {
  const base = (emulator ? emulator.urlOf(url) : url).replace(/\/+$/, '');
  const host = emulator ? ` -H 'Host: ${emulator.hostOf(url)}'` : '';
  return `  curl -s${host} ${authorization} ${base}/v2/models
  curl -s${host} ${authorization} ${base}/v2/models/iris/infer -d ${request}`;
}

/** What makes curl sign. A name of one's own does not tell the region. */
function signature(url: string, emulator: LocalAws | undefined): string {
  const region = /\.execute-api\.([\w-]+)\./.exec(url)?.[1] ?? '$AWS_REGION';
  const sign = `--aws-sigv4 "aws:amz:${region}:execute-api"`;
  if (emulator) return `${sign} --user test:test`;
  // One word also where a shell does not split what stands in a variable.
  const token = '$' + '{AWS_SESSION_TOKEN:+-Hx-amz-security-token:$AWS_SESSION_TOKEN}';
  return `${sign} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" ${token}`;
}

/** What prints a key's value: of one that the deployment made, or else of one that it makes. */
function keyCommand(outputs: Outputs): string {
  const name = Object.keys(outputs)
    .find((output) => output.endsWith('KeyId'))
    ?.replace(/KeyId$/, '');
  return name ? `keys show ${name}` : 'keys create me';
}
