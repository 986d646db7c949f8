import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';

export interface MeasuredPace {
  /** Milliseconds from a request to the headers of its answer. */
  readonly firstByteMs: number;
  readonly megabytesPerSecond: number;
}

const bytes = 8 * 1024 * 1024;

/**
 * The pace at which S3, as `environment` leads to it, answers `connections` ranged requests at once, each on its own.
 */
export async function measurePace(
  environment: NodeJS.ProcessEnv,
  key: string,
  connections: number,
): Promise<MeasuredPace> {
  const retries = { attempts: 1, firstPauseMs: 0, longestPauseMs: 0 };
  const client = new S3Client('models', { environment, retries, silenceMs: 10_000 });
  const ask = async (): Promise<MeasuredPace> => {
    const startedMs = performance.now();
    const answer = await client.send({ method: 'GET', key, headers: { range: `bytes=0-${bytes - 1}` } });
    const openedMs = performance.now();
    for await (const _chunk of answer);
    const seconds = (performance.now() - openedMs) / 1000;
    return { firstByteMs: openedMs - startedMs, megabytesPerSecond: bytes / 1e6 / seconds };
  };
  // The proxy has the answer, and this process its connections, from the first round on.
  await Promise.all(Array.from({ length: connections }, ask));
  const all = await Promise.all(Array.from({ length: connections }, ask));
  const mean = (value: (each: MeasuredPace) => number) => all.reduce((sum, each) => sum + value(each), 0) / all.length;
  return {
    firstByteMs: mean(({ firstByteMs }) => firstByteMs),
    megabytesPerSecond: mean(({ megabytesPerSecond }) => megabytesPerSecond),
  };
}
