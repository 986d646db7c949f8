import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOnnx, type OnnxGraph } from './onnx-builder.ts';
import { serviceOver } from './service-over.ts';

/** A model: its graph, its model.json, and files beside it. */
export type ExplainedModel = readonly [graph: OnnxGraph, settings: object, files?: Readonly<Record<string, string>>];

/** A service over some models, asked for explanations in this process. */
export async function explainService(models: Readonly<Record<string, ExplainedModel>>) {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-explain-'));
  for (const [name, [graph, settings, files = {}]] of Object.entries(models)) {
    const version = join(folder, name, '1');
    await mkdir(version, { recursive: true });
    await writeFile(join(version, 'model.onnx'), buildOnnx(graph));
    await writeFile(join(folder, name, 'model.json'), JSON.stringify(settings));
    for (const [file, text] of Object.entries(files)) await writeFile(join(version, file), text);
  }
  const service = serviceOver(folder);
  await service.refresh();
  const { signal } = new AbortController();
  return {
    ask: async (path: string, inputs: unknown, parameters: object = {}) => {
      const body = Buffer.from(JSON.stringify({ inputs, parameters }));
      const asked = { method: 'POST', path, headers: {}, body, requestId: 'r', gone: () => signal };
      const answer = await service.handle(asked);
      return JSON.parse(Buffer.concat(answer.body).toString());
    },
    close: () => rm(folder, { recursive: true }),
  };
}
