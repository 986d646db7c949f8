import { describe, expect, jest, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { containers } from './containers.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev } = stages as { dev: StageSettings };
const endpoints = [{ name: 'Default' }, { name: 'Story', models: ['story'], timeoutSeconds: 20 }, ...containers];
const { service } = synthesize({ ...dev, auth: 'api-key', endpoints });

interface Passed {
  readonly mode: string | undefined;
  readonly milliseconds: number;
  readonly uri: string;
}

/** How each path is passed on, of those that are. */
function passed(template: Template): Record<string, Passed> {
  const resources = template.findResources('AWS::ApiGateway::Resource');
  const path = (id: string): string => {
    const { PathPart, ParentId } = resources[id]?.Properties ?? {};
    return PathPart ? `${ParentId.Ref ? path(ParentId.Ref) : ''}/${PathPart}` : '';
  };
  const methods = Object.values(template.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => {
    const { ResponseTransferMode: mode, TimeoutInMillis: milliseconds, Uri } = Properties.Integration;
    return [path(Properties.ResourceId.Ref), { mode, milliseconds, uri: JSON.stringify(Uri) }] as const;
  });
  return Object.fromEntries(methods);
}

const streamed = {
  mode: 'STREAM',
  milliseconds: 900_000,
  uri: expect.stringContaining('/response-streaming-invocations'),
};
const whole = (seconds: number) => ({
  mode: undefined,
  milliseconds: seconds * 1000,
  uri: expect.stringMatching(/\/invocations"/),
});

describe('answers that stream', () => {
  const of = passed(service);

  test.each([
    ['/v1', streamed],
    ['/v1/{proxy+}', streamed],
    ['/v1/predict/{proxy+}', streamed],
    ['/v1/predict/story', streamed],
    ['/v1/explain/story/{proxy+}', streamed],
    ['/v2/models/{model}/generate_stream', streamed],
    ['/v2/models/{model}/versions/{version}/generate_stream', streamed],
    ['/v2/models/story/generate_stream', streamed],
    ['/v2/models/story/versions/{version}/generate_stream', streamed],
    ['/v2/{proxy+}', whole(29)],
    ['/v2/models/{model}/{proxy+}', whole(29)],
    ['/v2/models/{model}/versions/{version}/{proxy+}', whole(29)],
    ['/v2/models/story/{proxy+}', whole(20)],
    ['/rerank', whole(29)],
    ['/docs', whole(29)],
  ])('are asked for as such where there are any, and nowhere else: %s', (path, integration) => {
    expect(of[path]).toEqual(integration);
  });

  test('of containers are passed on as they come, whatever the path', () => {
    for (const path of ['/v2/models/resnet', '/v2/models/resnet/{proxy+}', '/v1/predict/resnet'])
      expect(of[path]).toMatchObject({ mode: 'STREAM', milliseconds: 900_000 });
  });

  test('give the functions that serve their time, and what does not stream its own', () => {
    const functions = Object.entries(service.findResources('AWS::Lambda::Function'));
    const facts = functions.map(([id, { Properties }]) => {
      const { TENSORGATE_STREAMS: streams, TENSORGATE_ANSWER_SECONDS: seconds } =
        Properties.Environment?.Variables ?? {};
      return [/^(.*?)(Function)+[0-9A-F]{8}$/.exec(id)?.[1], [Properties.Timeout, streams, seconds]];
    });
    expect(Object.fromEntries(facts)).toMatchObject({
      Default: [900, 'true', '29'],
      Story: [900, 'true', '20'],
      BatchInfer: [900, undefined, undefined],
    });
  });

  test('are none in a stage without', () => {
    const sleeping = { ...containers[1], idleMinutes: 30 };
    const { service: without } = synthesize({
      ...dev,
      streaming: false,
      endpoints: [{ name: 'Default' }, containers[0], sleeping],
    });
    const modes = Object.values(passed(without)).map(({ mode }) => mode);
    expect(new Set(modes)).toEqual(new Set([undefined]));
    expect(passed(without)['/v1/{proxy+}']).toEqual(whole(29));
    expect(JSON.stringify(without.toJSON())).not.toMatch(/TENSORGATE_STREAMS|TENSORGATE_ANSWER/);
  });
});
