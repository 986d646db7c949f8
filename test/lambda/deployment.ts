import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';
import { buildOnnx, type OnnxGraph, type OnnxNode } from '../fakes/onnx-builder.ts';
import { S3Proxy } from '../fakes/s3-proxy.ts';
import { S3Server } from '../fakes/s3-server.ts';
import { LambdaEnvironment, type LambdaSettings } from './lambda-environment.ts';

/** A bucket on a real S3 server, a proxy before it, and environments of the function, which end with each test. */
export class Deployment {
  readonly s3 = new S3Server();
  readonly #environments: LambdaEnvironment[] = [];
  #proxy: S3Proxy | undefined;

  constructor() {
    beforeAll(async () => {
      await this.s3.start();
      await this.put('iris/1/model.onnx', 'models/iris/1/model.onnx');
      await this.put('zeros/1/model.onnx', zerosModel(0));
      await this.put('slow/1/model.onnx', zerosModel(40));
    }, 30_000);
    beforeEach(async () => {
      this.#proxy = await S3Proxy.before(this.s3.port);
    });
    afterEach(async () => {
      await Promise.all(this.#environments.splice(0).map((environment) => environment.stop()));
      this.#proxy?.close();
    });
    afterAll(() => this.s3.remove());
  }

  get proxy(): S3Proxy {
    if (!this.#proxy) throw new Error('there is a proxy within tests only');
    return this.#proxy;
  }

  /** Puts a file, a model or a text into the bucket. */
  async put(key: string, content: string | OnnxGraph | Uint8Array): Promise<void> {
    const retries = { attempts: 3, firstPauseMs: 10, longestPauseMs: 100 };
    const client = new S3Client('models', { environment: this.s3.environment, retries, silenceMs: 5000 });
    await client.ask({ method: 'PUT', key, body: Buffer.from(bytesOf(content)) });
  }

  async function(settings: Partial<LambdaSettings> = {}): Promise<LambdaEnvironment> {
    const environment = {
      ...this.s3.environment,
      AWS_ENDPOINT_URL_S3: this.proxy.url,
      TENSORGATE_MODELS: 's3://models/',
      ...settings.environment,
    };
    const started = await LambdaEnvironment.start({ ...settings, environment });
    this.#environments.push(started);
    return started;
  }
}

function bytesOf(content: string | OnnxGraph | Uint8Array): string | Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (typeof content !== 'string') return buildOnnx(content);
  return content.startsWith('{') ? content : readFileSync(content);
}

/**
 * Zeros of the shape that is asked for, multiplied with themselves so often: a small request for much work or a large
 * answer.
 */
function zerosModel(products: number): OnnxGraph {
  const multiply = Array.from({ length: products }, (_, i): OnnxNode => {
    const output = i === products - 1 ? 'y' : `h${i + 1}`;
    return { op: 'MatMul', inputs: [`h${i}`, `h${i}`], outputs: [output] };
  });
  const fill: OnnxNode = { op: 'ConstantOfShape', inputs: ['shape'], outputs: [products === 0 ? 'y' : 'h0'] };
  return {
    inputs: [{ name: 'shape', datatype: 'INT64', shape: [2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['n', 'm'] }],
    nodes: [fill, ...multiply],
  };
}
