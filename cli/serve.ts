import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { startServer } from '../src/adapters/start-server.ts';
import { defaultLimits, type Limits } from '../src/settings.ts';
import { printWelcome } from './welcome.ts';

const graceMs = 9000;

/** `tensorgate serve`: a directory of models becomes a service. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('serve a directory or bucket of ONNX models over HTTP (Open Inference Protocol v2)')
    .option('--models <uri>', 'the model repository: a directory, file:// or s3:// URI', './models')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 picks a free one', integer(0), 8080)
    .option('--base-path <path>', 'prefix of all paths, such as /api', basePath, '')
    .option('--concurrency <number>', 'runs of models at once', integer(1), availableParallelism())
    .option('--intra-op-threads <number>', 'threads of one run', integer(1), 1)
    .option(
      '--memory-budget <bytes>',
      'bytes of model files kept loaded; the least recently used go first',
      bytes,
      8 * 1024 ** 3,
    )
    .option(
      '--limit <name=value>',
      `a limit on requests; repeat for more: ${Object.keys(defaultLimits).join(', ')}`,
      limit,
      defaultLimits,
    )
    .option('--watch', 'pick up new models and versions as they appear', false)
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
    .action(async (options) => {
      const server = await startServer({ ...options, limits: options.limit });
      await printWelcome(server.url, server.dataPlane);
      const stop = async () => {
        await server.close(graceMs);
        process.exit(0);
      };
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    });
}

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= 65535) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to 65535.`);
  };
}

function bytes(text: string): number {
  const [, number, unit = ''] = /^([0-9]+)([KMG]?)i?B?$/i.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Expected bytes, such as 500M or 8G.');
  return Number(number) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
}

function basePath(text: string): string {
  if (/^(\/[A-Za-z0-9._~-]+)*\/?$/.test(text)) return text.replace(/\/$/, '');
  throw new InvalidArgumentError('Expected a path such as /api.');
}

function limit(text: string, limits: Limits): Limits {
  const [name = '', value] = text.split('=');
  if (!Object.hasOwn(limits, name))
    throw new InvalidArgumentError(`Unknown limit; the limits are ${Object.keys(limits).join(', ')}.`);
  if (!/^[1-9][0-9]{0,12}$/.test(value ?? ''))
    throw new InvalidArgumentError('Expected name=number, the number over 0.');
  return { ...limits, [name]: Number(value) };
}
