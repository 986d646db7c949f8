import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import { ModelStatistics } from '../../../src/core/model-statistics.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { serverOptions } from '../../fakes/server-options.ts';
import { identityModel } from '../models.ts';

describe('GET /metrics', () => {
  let folder: string;
  let server: RunningServer;
  const scrape = async () => {
    const response = await fetch(`${server.url}/metrics`);
    return { type: response.headers.get('content-type'), lines: (await response.text()).split('\n') };
  };
  const infer = async (shape: readonly number[], headers: Record<string, string> = {}) => {
    const data = new Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape, data }] });
    return (await fetch(`${server.url}/v2/models/m/infer`, { method: 'POST', body, headers })).status;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-metrics-'));
    await mkdir(join(folder, 'm/3'), { recursive: true });
    await writeFile(join(folder, 'm/3/model.onnx'), buildOnnx(identityModel('FP32')));
    server = await startServer({ ...serverOptions, models: folder, responseCacheBytes: 1000 });
  });
  afterAll(async () => {
    await server.close(0);
    await server.dataPlane.repository.unload('m');
    await rm(folder, { recursive: true });
  });

  test('counts what was answered and what failed, by model and version, as the statistics do', async () => {
    expect([await infer([2]), await infer([3]), await infer([1, 1])]).toEqual([200, 200, 400]);
    expect(await infer([1], { 'x-request-timeout-ms': '0.000001' })).toBe(504);
    const { type, lines } = await scrape();
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const labels = 'model="m",version="3"';
    const answer = await fetch(`${server.url}/v2/models/m/stats`);
    const stats = (await answer.json()) as { model_stats: [{ inference_stats: Record<string, { ns: number }> }] };
    const { success, compute_infer } = stats.model_stats[0].inference_stats as Record<string, { ns: number }>;
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE nv_inference_request_success counter',
        `nv_inference_request_success{${labels}} 2`,
        `nv_inference_request_failure{${labels},reason="REJECTED"} 0`,
        `nv_inference_request_failure{${labels},reason="CANCELED"} 1`,
        `nv_inference_request_failure{${labels},reason="OTHER"} 1`,
        `nv_inference_count{${labels}} 5`,
        `nv_inference_exec_count{${labels}} 2`,
        `nv_inference_request_duration_us{${labels}} ${Math.round(Number(success?.ns) / 1000)}`,
        `nv_inference_compute_infer_duration_us{${labels}} ${Math.round(Number(compute_infer?.ns) / 1000)}`,
        '# TYPE tensorgate_request_duration_seconds histogram',
        `tensorgate_request_duration_seconds_bucket{${labels},le="65.536"} 2`,
        `tensorgate_request_duration_seconds_bucket{${labels},le="+Inf"} 2`,
        `tensorgate_request_duration_seconds_sum{${labels}} ${Number(success?.ns) / 1e9}`,
        `tensorgate_request_duration_seconds_count{${labels}} 2`,
        `tensorgate_model_requests{${labels}} 0`,
        `tensorgate_model_loads_total{${labels}} 1`,
        'tensorgate_http_answers_total{status="200"} 2',
        'tensorgate_http_answers_total{status="504"} 1',
        'tensorgate_requests_in_hand 1',
        'tensorgate_ready 1',
        'tensorgate_memory_budget_bytes 1000000000',
      ]),
    );
  });

  test('answers that were kept are counted, and told apart in their times', async () => {
    await writeFile(join(folder, 'm/model.json'), '{"responseCache": true}');
    await fetch(`${server.url}/v2/repository/models/m/load`, { method: 'POST' });
    const data = [1, 2, 3];
    const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [3], data }] });
    const ask = async () => {
      const response = await fetch(`${server.url}/v2/models/m/infer`, { method: 'POST', body });
      const { outputs } = (await response.json()) as { outputs: [{ data: number[] }] };
      return [/cache;desc=\w+/.exec(response.headers.get('server-timing') ?? '')?.[0], outputs[0].data];
    };
    expect([await ask(), await ask(), await ask()]).toEqual([
      ['cache;desc=miss', data],
      ['cache;desc=hit', data],
      ['cache;desc=hit', data],
    ]);
    const { lines } = await scrape();
    expect(lines).toEqual(
      expect.arrayContaining([
        'nv_inference_request_success{model="m",version="3"} 3',
        'nv_inference_count{model="m",version="3"} 3',
        'nv_inference_exec_count{model="m",version="3"} 1',
        'nv_cache_num_hits_per_model{model="m",version="3"} 2',
        'nv_cache_num_misses_per_model{model="m",version="3"} 1',
        'tensorgate_response_cache_bytes 780',
        'tensorgate_response_cache_entries 1',
      ]),
    );
    const hitUs = lines.find((line) => line.startsWith('nv_cache_hit_duration_per_model{'))?.split(' ')[1];
    expect(Number(hitUs)).toBeGreaterThan(0);
  });

  test('reads the statistics of a version once for all of its metrics', async () => {
    const reads = jest.spyOn(ModelStatistics.prototype, 'toJSON');
    await scrape();
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
  });

  test('a model that was unloaded is not ready, and takes no memory', async () => {
    await fetch(`${server.url}/v2/repository/models/m/unload`, { method: 'POST' });
    expect((await scrape()).lines).toEqual(
      expect.arrayContaining([
        'tensorgate_model_ready{model="m",version="3"} 0',
        'tensorgate_model_loaded{model="m",version="3"} 0',
        'tensorgate_model_bytes{model="m",version="3"} 0',
      ]),
    );
  });

  test('the dashboard asks only for metrics that there are, and for answers of both protocols', async () => {
    const there = (await scrape()).lines.flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
    const dashboard = JSON.parse(await readFile('docs/grafana-dashboard.json', 'utf8'));
    const queries = [
      ...dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) => panel.targets.map(({ expr }) => expr)),
      ...dashboard.templating.list.map(({ query }: { query: string }) => query),
    ];
    const asked = queries.flatMap((query) => query.match(/\b(nv|tensorgate|process)_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(queries.length - 2);
    expect(asked).toEqual(expect.arrayContaining(['tensorgate_http_answers_total', 'tensorgate_grpc_answers_total']));
    expect(asked.map((name) => name.replace(/_bucket$/, '')).filter((name) => !there.includes(name))).toEqual([]);
  });
});
