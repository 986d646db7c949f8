import { Command, InvalidArgumentError, Option, type OptionValues } from 'commander';
import { auditLevels } from '../src/adapters/audit/audit-level.ts';
import { endProcess } from '../src/adapters/end-process.ts';
import type { RunningServer } from '../src/adapters/running-server.ts';
import { startServer } from '../src/adapters/start-server.ts';
import { defaultLimits } from '../src/settings.ts';
import { defaultRuns, mostRuns } from './default-runs.ts';
import { gpuDeviceOption } from './gpu-device-option.ts';
import { jobRunner } from './job-runner.ts';
import { listenFailure } from './listen-failure.ts';
import { modelsOption } from './models-option.ts';
import { onceTold } from './once-told.ts';
import { parseBytes } from './parse-bytes.ts';
import { parseExecutionProviders } from './parse-execution-providers.ts';
import { parseLimit } from './parse-limit.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { setUpProcess } from './set-up-process.ts';
import { printWelcome } from './welcome.ts';
import { wholeNumber } from './whole-number.ts';

// Threads past the processors only wait.
const mostThreads = 256;
const mostJobs = 64;

// Timers hold 31 bits of milliseconds.
const longestTimeoutMs = 24 * 3600 * 1000;
// No run of a model that answers requests takes as long.
const defaultRunTimeoutMs = 10 * 60 * 1000;

/** `tensorgate serve`: a directory of models becomes a service. */
export function serveCommand(): Command {
  return new Command('serve')
    .description(
      'serve a directory or bucket of ONNX models over HTTP, and gRPC where asked to (Open Inference Protocol v2)',
    )
    .addOption(modelsOption())
    .option(
      '--only <names>',
      'serve these models alone, such as fraud,iris: load them at the start, and keep them',
      names,
    )
    .addOption(requireSignatureOption())
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65535), 8080)
    .option(
      '--grpc-port <number>',
      'answer gRPC too, on this port, such as 8001; 0 picks a free one',
      wholeNumber(0, 65535),
    )
    .option('--tls-cert <file>', 'answer over TLS alone, on all ports: the certificate with its chain, in PEM')
    .option('--tls-key <file>', 'the key of --tls-cert, in PEM')
    .addOption(
      new Option(
        '--payload-key <file>',
        'take payloads that callers encrypted to this private key, of RSA or P-256 in PEM (application/jose); GET /v2/keys tells its public part',
      ).env('TENSORGATE_PAYLOAD_KEY'),
    )
    .option(
      '--cors-origin <origin>',
      'let pages of this origin call, such as https://app.example.com, or * for all',
      origin,
    )
    .option('--base-path <path>', 'prefix of all paths, such as /api', basePath, '')
    .option('--concurrency <number>', 'runs of models at once', wholeNumber(1, mostRuns), defaultRuns)
    .option('--intra-op-threads <number>', 'threads of one run', wholeNumber(1, mostThreads), 1)
    .option(
      '--run-timeout-ms <number>',
      'milliseconds after which a run that has not ended is given up; 0: never',
      wholeNumber(0, longestTimeoutMs),
      defaultRunTimeoutMs,
    )
    .addOption(
      new Option(
        '--memory-budget <bytes>',
        'bytes of model files kept loaded, such as 500M; the least recently used go',
      )
        .argParser(bytes)
        .default(8 * 1024 ** 3, '8G'),
    )
    .addOption(
      new Option(
        '--response-cache-bytes <bytes>',
        'bytes of answers that are kept, of models with "responseCache": true in model.json; such as 64M',
      )
        .argParser(bytes)
        .default(0, 'none'),
    )
    .addOption(
      new Option('--limit <name=value>', 'a limit on requests, such as maxBodyBytes=16M; repeat for more')
        .argParser(parseLimit)
        .default(
          defaultLimits,
          Object.entries(defaultLimits)
            .map(([name, value]) => `${name}=${value}`)
            .join(', '),
        ),
    )
    .addOption(
      new Option(
        '--execution-providers <list>',
        'what runs models that do not say: cpu, cuda, or cuda,cpu, which is the GPU where there is one',
      )
        .argParser(parseExecutionProviders)
        .default(['cpu'], 'cpu'),
    )
    .addOption(gpuDeviceOption())
    .addOption(
      new Option('--gpu-memory <bytes>', "bytes of the GPU's memory that a model may take, such as 4G")
        .argParser(bytes)
        .default(0, 'all there are'),
    )
    .option(
      '--step-servers <file>',
      'other servers, by the names that steps of ensembles have for them: {"second": {"url": "grpc://10.0.0.2:8001", "key": "…"}}',
    )
    .option('--data <folder>', 'keep the files of batch jobs here, and take jobs at /v1/batches')
    .option(
      '--jobs <number>',
      'with --data: make models of others where /v1/jobs asks for it, so many at once, each in a process of its own; 0: never',
      wholeNumber(0, mostJobs),
      0,
    )
    .option('--api-keys <file>', 'take callers with a key of this file alone; tensorgate keys create --file makes one')
    .option(
      '--gateway-policies <file>',
      'go by the policies of this file, for callers who come by API Gateway alone, which says in headers who they are; nobody else may reach the HTTP port',
    )
    .option(
      '--grpc-api-keys <file>',
      'the same for gRPC callers alone, where something else asks those who come by HTTP',
    )
    .addOption(
      new Option(
        '--audit <level>',
        'write calls into the audit log of the model repository: those denied, all, or none',
      )
        .choices([...auditLevels])
        .default('denied'),
    )
    .option(
      '--audit-bodies <share>',
      'with --audit all: keep the inputs of this share of the calls, such as 0.01',
      share,
      0,
    )
    .addOption(
      new Option(
        '--usage <when>',
        'count what callers use, in the model repository: always, where they need keys, or never',
      )
        .choices(['always', 'keyed', 'never'])
        .default('keyed'),
    )
    .option('--sagemaker', "keep SageMaker's contract with a container: /ping, /invocations, /models", false)
    .addOption(
      new Option('--otlp-endpoint <url>', 'send traces to this OpenTelemetry collector, such as http://127.0.0.1:4318')
        .env('OTEL_EXPORTER_OTLP_ENDPOINT')
        .argParser(httpUrl),
    )
    .option(
      '--grace-seconds <number>',
      'how long requests under way may take once the server is to end',
      wholeNumber(0, 3600),
      9,
    )
    .option(
      '--report-seconds <number>',
      'write into the log, so often once the models are loaded, how long requests waited; 0: never',
      wholeNumber(0, 3600),
      0,
    )
    .option('--no-prepare', 'neither make nor use forms of large models, prepared for this machine, in the cache')
    .option('--watch', 'pick up new models and versions as they appear', false)
    .option(
      '--release-seconds <number>',
      'with --watch, look so often where the aliases of models in use lead: a rollback has its effect by then',
      wholeNumber(1, 3600),
      2,
    )
    .addOption(
      new Option('--engine <name>', 'how ONNX Runtime is called')
        .choices(['auto', 'native', 'binding'])
        .default('auto'),
    )
    .addOption(
      new Option('--log-level <level>', 'what goes to stderr')
        .choices(['silent', 'error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .action(async (options, command: Command) => {
      const tls = tlsFiles(options, command);
      refuseTogether(options, command);
      setUpProcess(options.concurrency);
      let server: RunningServer | undefined;
      onceTold(async () => {
        // Who says it again does not want to wait, but what was counted takes little time.
        onceTold(async () => {
          await server?.endAtOnce();
          await endProcess(1);
        });
        await server?.close(1000 * options.graceSeconds);
        await endProcess(0);
      });
      // SageMaker says so where it brings many models itself.
      const hasRepository = process.env.SAGEMAKER_MULTI_MODEL?.toLowerCase() !== 'true';
      const sagemaker = options.sagemaker ? { hasRepository } : undefined;
      const gpu = { deviceId: options.gpuDevice, memoryBytes: options.gpuMemory };
      const execution = { providers: options.executionProviders, gpu };
      const onListening = (listening: RunningServer) => {
        server = listening;
      };
      const isKeyed = [options.apiKeys, options.gatewayPolicies, options.grpcApiKeys].some(
        (file) => file !== undefined,
      );
      const usage = options.usage === 'always' || (options.usage === 'keyed' && isKeyed);
      const { jobs, data } = options;
      const modelJobs =
        jobs > 0 && data !== undefined ? { most: jobs, run: jobRunner(options.models, data, options) } : undefined;
      const given = { limits: options.limit, sagemaker, tls, execution, onListening, usage, modelJobs };
      server = await startServer({ ...options, ...given }).catch((error) => {
        throw listenFailure(error, options);
      });
      await printWelcome(server, options);
    });
}

/** Ends the command where one option asks for another, or for its absence. */
function refuseTogether(options: OptionValues, command: Command): void {
  if (options.auditBodies > 0 && options.audit !== 'all')
    command.error('error: --audit-bodies keeps inputs of calls that are in the audit log: give it --audit all, too');
  if (options.gatewayPolicies !== undefined && options.apiKeys !== undefined)
    command.error('error: --api-keys asks callers themselves, --gateway-policies API Gateway: give one of them');
  if (options.grpcApiKeys !== undefined && options.grpcPort === undefined)
    command.error('error: --grpc-api-keys asks those who call by gRPC: give it --grpc-port, too');
  if (options.jobs > 0 && options.data === undefined)
    command.error('error: --jobs keeps the files of jobs with those of batches: give it --data <folder>, too');
}

function tlsFiles({ tlsCert: cert, tlsKey: key }: { tlsCert?: string; tlsKey?: string }, command: Command) {
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert === undefined && key === undefined) return undefined;
  return command.error(`error: --tls-cert and --tls-key go together; ${cert ? '--tls-key' : '--tls-cert'} is missing`);
}

function bytes(text: string): number {
  const value = parseBytes(text);
  if (value === undefined) throw new InvalidArgumentError('Expected bytes, such as 500M or 8G.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a share from 0 to 1, such as 0.01.');
}

function names(text: string): readonly string[] {
  const all = text.split(',').map((name) => name.trim());
  if (all.every((name) => name !== '')) return all;
  throw new InvalidArgumentError('Expected names of models, such as fraud,iris.');
}

function basePath(text: string): string {
  if (/^(\/[A-Za-z0-9._~-]+)*\/?$/.test(text)) return text.replace(/\/$/, '');
  throw new InvalidArgumentError('Expected a path such as /api.');
}

/** As browsers send it, and stages of a deployment take it. */
function origin(text: string): string {
  if (/^(\*|https?:\/\/[^/\s*']+)$/.test(text)) return text;
  throw new InvalidArgumentError('Expected an origin such as https://app.example.com, without a path, or *.');
}

function httpUrl(text: string): string | undefined {
  // A variable that is empty is one that is not set.
  if (text === '') return undefined;
  if (/^https?:\/\/[^/]+/.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:4318.');
}
