import { describe, expect, jest, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import OpenAI from 'openai';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { rights } from './rights.ts';
import { synthesize } from './synthesize.ts';

jest.setTimeout(60_000);

const { dev, prod } = stages as { dev: StageSettings; prod: StageSettings };
const { service } = synthesize(dev);
const keysOnly = synthesize({ ...dev, auth: 'api-key' }).service;
const signedOnly = synthesize({ ...dev, auth: 'iam', usagePlans: [] }).service;

describe('the API', () => {
  test('is reached over TLS 1.2 or later only, by the name that API Gateway gives it too', () => {
    service.allResourcesProperties('AWS::ApiGateway::RestApi', {
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09',
      EndpointAccessMode: 'BASIC',
    });
  });

  test('passes bodies untouched: every type is binary, nothing is compressed on the way', () => {
    service.allResourcesProperties('AWS::ApiGateway::RestApi', {
      BinaryMediaTypes: ['*/*'],
      MinimumCompressionSize: Match.absent(),
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  test('asks every caller for a key of a plan, or for a signature', () => {
    keysOnly.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM', ApiKeyRequired: true });
    signedOnly.allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
  });

  test("with auth 'both', is there once for keys and once for signatures, before the same function", () => {
    service.resourceCountIs('AWS::ApiGateway::RestApi', 2);
    const functions = Object.keys(service.findResources('AWS::Lambda::Function'));
    expect(functions.filter((id) => id.startsWith('Default'))).toHaveLength(1);
    const methods = Object.values(service.findResources('AWS::ApiGateway::Method')).map(({ Properties }) => Properties);
    expect(
      methods.every(({ AuthorizationType, ApiKeyRequired }) => AuthorizationType === 'AWS_IAM' || ApiKeyRequired),
    ).toBe(true);
    service.hasOutput('ApiUrl', {});
    service.hasOutput('SignedApiUrl', {});
  });

  test('asks for the policy of a key before each method that takes keys, and keeps the answer for a while', () => {
    const authorizer = { Type: 'REQUEST', IdentitySource: 'method.request.header.x-api-key' };
    service.hasResourceProperties('AWS::ApiGateway::Authorizer', { ...authorizer, AuthorizerResultTtlInSeconds: 60 });
    const [id] = Object.keys(service.findResources('AWS::ApiGateway::Authorizer'));
    const methods = Object.values(keysOnly.findResources('AWS::ApiGateway::Method')).map(
      ({ Properties }) => Properties,
    );
    expect(methods.length).toBeGreaterThan(5);
    for (const { AuthorizerId } of methods) expect(AuthorizerId).toEqual({ Ref: id });
    const often = synthesize({ ...dev, auth: 'api-key', policySeconds: 0 }).service;
    often.hasResourceProperties('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 0 });
    signedOnly.resourceCountIs('AWS::ApiGateway::Authorizer', 0);
  });

  test('what it refuses itself goes into the audit log, by a function that may add lines of calls, and nothing else', () => {
    const filters = Object.values(service.findResources('AWS::Logs::SubscriptionFilter'));
    expect(filters).toHaveLength(2);
    for (const { Properties } of filters) {
      expect(JSON.stringify(Properties.DestinationArn)).toMatch(/RefusalsRecorderFunction/);
      expect(Properties.FilterPattern).toBe(
        '{ ($.refusal != "-") && (($.status = "401") || ($.status = "403") || ($.status = "429")) }',
      );
    }
    const logged = Object.values(service.findResources('AWS::ApiGateway::Stage')).map(
      ({ Properties }) => JSON.parse(Properties.AccessLogSetting.Format).refusal,
    );
    expect(logged).toEqual(['$context.error.responseType', '$context.error.responseType']);
    const right = rights(service, 'RefusalsRecorderRole').filter((each) => each.startsWith('s3:'));
    expect(right).toEqual([
      's3:GetObject ModelsBucket /.audit/calls/*',
      's3:ListBucket ModelsBucket {"StringLikeIfExists":{"s3:prefix":[".audit/calls/*"]}}',
      's3:PutObject ModelsBucket /.audit/calls/*',
    ]);
    const without = synthesize({ ...dev, audit: { calls: 'off' } }).service;
    without.resourceCountIs('AWS::Logs::SubscriptionFilter', 0);
  });

  test('the authorizer may read the policies, and nothing else', () => {
    const of = (template: typeof service) =>
      rights(template, 'PoliciesRole').filter((right) => !right.startsWith('xray:'));
    expect(of(service).map((right) => right.replace(/ \{.*/, ''))).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject ModelsBucket /.access/policies.json',
      's3:ListBucket ModelsBucket',
    ]);
    expect(of(service).at(-1)).toContain('{"StringLikeIfExists":{"s3:prefix":[".access/policies.json"]}}');
    const kms = of(synthesize(prod, 'prod').service).filter((right) => right.startsWith('kms:'));
    expect(kms.map((right) => right.split(' ')[0])).toEqual(['kms:Decrypt']);
  });

  test('functions that principals call know their policies, and plans where those lie', () => {
    const environment = { Variables: Match.objectLike({ TENSORGATE_PRINCIPALS: 'true' }) };
    for (const template of [service, signedOnly])
      template.hasResourceProperties('AWS::Lambda::Function', { Environment: environment });
    keysOnly.resourcePropertiesCountIs('AWS::Lambda::Function', { Environment: environment }, 0);
    const tags = Object.values(service.findResources('AWS::ApiGateway::UsagePlan'))[0]?.Properties.Tags;
    expect(tags).toContainEqual({
      Key: 'tensorgate:models',
      Value: expect.objectContaining({ 'Fn::Join': expect.anything() }),
    });
  });

  test('has the open documentation that a stage asks for, and no other open path', () => {
    const open = synthesize({ ...dev, auth: 'api-key', openDocs: true }).service.findResources(
      'AWS::ApiGateway::Method',
      {
        Properties: { ApiKeyRequired: Match.absent() },
      },
    );
    const methods = Object.keys(open);
    expect(methods).toHaveLength(3);
    for (const id of methods) expect(id).toMatch(/KeyApi(docs|docsproxy|openapijson)GET/);
  });

  test('logs each request as JSON with key, principal, path, status and times, and neither bodies nor keys', () => {
    const [stage] = Object.values(service.findResources('AWS::ApiGateway::Stage'));
    const fields = JSON.parse(stage?.Properties.AccessLogSetting.Format);
    expect(Object.keys(fields)).toEqual(
      expect.arrayContaining([
        'requestId',
        'apiKeyId',
        'principal',
        'path',
        'status',
        'latencyMs',
        'integrationLatencyMs',
      ]),
    );
    expect(JSON.stringify(fields)).not.toMatch(/identity\.apiKey\b(?!Id)|body|authorization/i);
    expect(stage?.Properties.MethodSettings).toMatchObject([{ DataTraceEnabled: false }]);
  });

  test('says its own errors as the service does, with when to come back', () => {
    const limits = { ResponseType: 'THROTTLED', ResponseParameters: { 'gatewayresponse.header.Retry-After': "'1'" } };
    service.hasResourceProperties('AWS::ApiGateway::GatewayResponse', limits);
    for (const { Properties } of Object.values(service.findResources('AWS::ApiGateway::GatewayResponse'))) {
      const text = Properties.ResponseTemplates['application/json'].replace(
        '$context.error.messageString',
        '"Forbidden"',
      );
      expect(JSON.parse(text)).toEqual({ error: expect.any(String) });
    }
  });

  test('says to whom it refuses what to send, and of a path that there is not that it is not there', () => {
    const says = (ResponseType: string, words: string) => ({
      ResponseType,
      ResponseTemplates: { 'application/json': Match.stringLikeRegexp(words) },
    });
    service.hasResourceProperties('AWS::ApiGateway::GatewayResponse', says('INVALID_API_KEY', 'x-api-key'));
    service.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ...says('MISSING_AUTHENTICATION_TOKEN', 'There is nothing at this path'),
      StatusCode: '404',
    });
    service.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ...says('MISSING_AUTHENTICATION_TOKEN', 'The request is not signed'),
      StatusCode: Match.absent(),
    });
  });

  test('says of a body that is too large how to send it', () => {
    service.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType: 'REQUEST_TOO_LARGE',
      ResponseTemplates: {
        'application/json': Match.stringLikeRegexp(
          '^\\{"error":"The body is too large.*10 MB.*6 MB.*POST /v2/uploads.*content_ref',
        ),
      },
    });
  });

  test('lets pages of one origin call, where the stage names it', () => {
    const corsOrigin = 'https://app.example.com';
    const { service: open, state } = synthesize({ ...dev, corsOrigin });
    open.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'OPTIONS',
      AuthorizationType: 'NONE',
      Integration: Match.objectLike({
        Type: 'MOCK',
        ContentHandling: 'CONVERT_TO_TEXT',
        IntegrationResponses: [
          Match.objectLike({
            ResponseParameters: Match.objectLike({
              'method.response.header.Access-Control-Allow-Headers': Match.stringLikeRegexp(
                'inference-header-content-length.*x-api-key.*x-request-timeout-ms',
              ),
            }),
          }),
        ],
      }),
    });
    open.hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
      ResponseType: 'THROTTLED',
      ResponseParameters: Match.objectLike({
        'gatewayresponse.header.Access-Control-Expose-Headers': "'retry-after'",
      }),
    });
    open.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ TENSORGATE_CORS_ORIGIN: corsOrigin }) },
    });
    state.hasResourceProperties('AWS::S3::Bucket', { CorsConfiguration: Match.anyValue() });
  });

  test("lets a page call by OpenAI's client, whatever that says of itself", async () => {
    const { service: open } = synthesize({ ...dev, corsOrigin: '*' });
    const [preflight] = Object.values(
      open.findResources('AWS::ApiGateway::Method', { Properties: { HttpMethod: 'OPTIONS' } }),
    );
    const [{ ResponseParameters }] = preflight?.Properties.Integration.IntegrationResponses ?? [];
    const allowed: string = ResponseParameters['method.response.header.Access-Control-Allow-Headers'];
    const sent = new Set<string>();
    const client = new OpenAI({
      apiKey: 'none',
      defaultHeaders: { 'x-api-key': 'key' },
      dangerouslyAllowBrowser: true,
      fetch: async (_url, init) => {
        for (const name of new Headers(init?.headers).keys()) sent.add(name);
        return new Response('data: [DONE]\n\n', { headers: { 'content-type': 'text/event-stream' } });
      },
    });
    await client.completions.create({ model: 'm', prompt: 'a', stream: true });
    await client.chat.completions
      .stream({ model: 'm', messages: [] })
      .done()
      .catch(() => undefined);
    // What a page may always send, and what it cannot.
    for (const name of ['accept', 'user-agent']) sent.delete(name);
    expect(sent.size).toBeGreaterThan(5);
    expect(allowed.replaceAll("'", '').split(',')).toEqual(expect.arrayContaining([...sent]));
  });
});

test('waits longer for an endpoint where the account may', () => {
  const raised = { ...dev, endpoints: [{ name: 'Default', timeoutSeconds: 60 }], timeoutQuotaRaised: true };
  synthesize(raised).service.hasResourceProperties('AWS::ApiGateway::Method', {
    Integration: Match.objectLike({ TimeoutInMillis: 60_000 }),
  });
});

describe('usage plans', () => {
  test('have the numbers of the stage', () => {
    service.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 20, BurstLimit: 40 },
      Quota: { Limit: 100_000, Period: 'MONTH' },
    });
    service.allResourcesProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 })],
    });
  });

  test('have keys whose values stand in no template; an output says how to read them', () => {
    service.allResourcesProperties('AWS::ApiGateway::ApiKey', { Value: Match.absent() });
    const { Value } = service.findOutputs('ReadDefaultKey').ReadDefaultKey ?? {};
    expect(JSON.stringify(Value)).toContain('aws apigateway get-api-key --include-value');
    service.hasOutput('StandardPlanId', {});
    service.hasOutput('DefaultKeyId', {});
  });

  test('may leave the quota out', () => {
    const usagePlans = [{ name: 'Free', rateLimit: 1, burstLimit: 1 }];
    synthesize({ ...dev, usagePlans }).service.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Quota: Match.absent(),
    });
  });
});

describe('settings before the API', () => {
  test('the firewall limits each address, and blocks nobody for what a body says', () => {
    const { service: walled } = synthesize(prod, 'prod');
    walled.resourceCountIs('AWS::WAFv2::WebACLAssociation', 2);
    walled.hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: Match.arrayWith([
        Match.objectLike({ Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 10_000 } } }),
        Match.objectLike({
          Statement: {
            ManagedRuleGroupStatement: Match.objectLike({
              Name: 'AWSManagedRulesCommonRuleSet',
              RuleActionOverrides: Match.arrayWith([{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }]),
            }),
          },
        }),
      ]),
    });
    service.resourceCountIs('AWS::WAFv2::WebACL', 0);
  });

  test('a domain serves keys at its root and signatures under /signed', () => {
    const domain = {
      name: 'models.example.com',
      certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d',
      hostedZone: { id: 'Z0123456789ABC', name: 'example.com' },
    };
    const named = synthesize({ ...dev, domain }).service;
    named.hasResourceProperties('AWS::ApiGateway::DomainName', { DomainName: domain.name, SecurityPolicy: 'TLS_1_2' });
    named.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: Match.absent() });
    named.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: 'signed' });
    named.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'models.example.com.', Type: 'A' });
    named.hasOutput('DomainTarget', {});
  });
});
