import {
  AuthorizationType,
  type CfnRestApi,
  EndpointAccessMode,
  EndpointType,
  type IAuthorizer,
  type IResource,
  type IRestApi,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type MethodOptions,
  Period,
  ResponseTransferMode,
  RestApi,
  SecurityPolicy,
  UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { streamedPaths } from '../../src/settings.ts';
import { accessLogFormat } from './access-log-format.ts';
import { acknowledge } from './acknowledge.ts';
import { addBalancedPath, type MappedCaller } from './add-balanced-path.ts';
import type { ApiHandler } from './api-handler.ts';
import { addGatewayErrors } from './gateway-errors.ts';
import type { InferenceFunction } from './inference-function.ts';
import { addPreflight } from './preflight.ts';
import type { RoutedEndpoint } from './routed-endpoint.ts';
import type { UsageLimits } from './usage-limits.ts';

export interface InferenceApiProps {
  /** Answers what no other function was given: all models by default. */
  readonly handler: InferenceFunction;
  /** How a caller shows who it is: by a key of a usage plan, or by an IAM signature. @default 'api-key' */
  readonly authorization?: 'api-key' | 'iam' | undefined;
  /** Says what the holder of a key may call. @default all that the key's usage plan lets them */
  readonly authorizer?: IAuthorizer | undefined;
  /** Requests a second that all callers together may send. @default 100 */
  readonly rateLimit?: number | undefined;
  /** Requests at once that all callers together may send. @default 200 */
  readonly burstLimit?: number | undefined;
  /** Origin whose pages may call, or `*`. @default none */
  readonly corsOrigin?: string | undefined;
  /** Whether anyone may read `/docs` and `/openapi.json`, which name the models. @default false */
  readonly openDocs?: boolean | undefined;
  /** How long access logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays | undefined;
}

/**
 * The Open Inference Protocol over HTTPS: `/v2/…`, and OpenAI's shapes at `/v1/…`, `/rerank`, `/openapi.json` and
 * `/docs`, passed to functions byte by byte. Answers at `streamedPaths` stream.
 *
 * A method of API Gateway has one way to authorize, so an API takes keys or signatures; two APIs before the same
 * functions take both. Bodies are neither compressed nor decompressed on the way: the function does that, within
 * Lambda's limit of 6 MB, and nothing is compressed twice.
 *
 * @example
 * const api = new InferenceApi(this, 'Api', { handler: inference });
 * api.addUsagePlan('Partners', { rateLimit: 10, quota: 100_000 }).addApiKey(new ApiKey(this, 'Acme'));
 */
export class InferenceApi extends Construct {
  readonly api: RestApi;
  readonly authorization: 'api-key' | 'iam';
  readonly logGroup: LogGroup;
  readonly #handler: InferenceFunction;
  readonly #corsOrigin: string | undefined;
  readonly #method: MethodOptions;
  readonly #caller: MappedCaller;

  constructor(scope: Construct, id: string, props: InferenceApiProps) {
    super(scope, id);
    this.authorization = props.authorization ?? 'api-key';
    this.#handler = props.handler;
    this.#corsOrigin = props.corsOrigin;
    this.#method =
      this.authorization === 'iam'
        ? { authorizationType: AuthorizationType.IAM }
        : {
            ...(props.authorizer
              ? { authorizationType: AuthorizationType.CUSTOM, authorizer: props.authorizer }
              : { authorizationType: AuthorizationType.NONE }),
            apiKeyRequired: true,
          };
    // Each is there with every call: of one that is not, a caller could send a word of their own.
    this.#caller =
      this.authorization === 'iam'
        ? { caller: 'context.identity.userArn', keyId: "'-'" }
        : { caller: props.authorizer ? 'context.authorizer.caller' : "'key'", keyId: 'context.identity.apiKeyId' };
    this.logGroup = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = this.#restApi(props);
    addGatewayErrors(this.api, this.authorization, this.#corsOrigin);
    this.#addRoutes(props.handler, props.openDocs ? { authorizationType: AuthorizationType.NONE } : this.#method);
    this.#acknowledge();
  }

  /** Base of all paths: what clients are given as the server's URL. */
  get url(): string {
    // Without the slash at the end: clients append `/v2/…`.
    return this.api.urlForPath('/').replace(/\/$/, '');
  }

  /** Sends the requests for a function's models, and no others, to that function. */
  route(handler: InferenceFunction): void {
    for (const name of handler.models.modelNames ?? []) this.#routeModel(name, handler);
  }

  /**
   * Sends the requests for an endpoint's models, and no others, to its load balancer, or to what stands before that.
   * One that answers OpenAI's API has it at `/v2/models/<model>/v1`.
   */
  routeTo(endpoint: RoutedEndpoint): void {
    for (const name of endpoint.models.modelNames ?? []) {
      if (endpoint.door) {
        this.#routeModel(name, endpoint.door);
        continue;
      }
      const model = this.#models().addResource(name);
      if (endpoint.isOpenAi) {
        // Which model one of OpenAI's requests is for stands in its body, where API Gateway does not look.
        this.#addBalanced(model.addResource('v1').addProxy({ anyMethod: false }), '/v1/{proxy}', endpoint);
        continue;
      }
      const tasks = endpoint.answersTasks ? this.#tasks().map((task) => task.addResource(name)) : [];
      for (const resource of [model, ...tasks]) {
        this.#addBalanced(resource, resource.path, endpoint);
        this.#addBalanced(resource.addProxy({ anyMethod: false }), `${resource.path}/{proxy}`, endpoint);
      }
    }
  }

  /** Lets the holders of keys send so much. A caller with a key of no plan gets 403. */
  addUsagePlan(id: string, limits: UsageLimits): UsagePlan {
    if (this.authorization !== 'api-key')
      throw new Error(`${this.node.path} takes signatures, not keys: give usage plans to an API with 'api-key'`);
    const { rateLimit, burstLimit, quota, quotaPeriod = 'MONTH' } = limits;
    return new UsagePlan(this, id, {
      apiStages: [{ api: this.api as IRestApi, stage: this.api.deploymentStage }],
      throttle: { ...(rateLimit && { rateLimit }), ...(burstLimit && { burstLimit }) },
      ...(quota && { quota: { limit: quota, period: Period[quotaPeriod] } }),
    });
  }

  /** Lets `grantee` call the API with signed requests. */
  grantInvoke(grantee: IGrantable): Grant {
    if (this.authorization !== 'iam')
      throw new Error(`${this.node.path} takes keys, not signatures: grant on an API with authorization 'iam'`);
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: [this.api.arnForExecuteApi('*', '/*', this.api.deploymentStage.stageName)],
    });
  }

  #restApi(props: InferenceApiProps): RestApi {
    const api = new RestApi(this, 'Api', {
      // CloudWatch tells the metrics of APIs apart by this name alone.
      restApiName: `${Stack.of(this).stackName}-${this.node.id}`,
      description: 'Open Inference Protocol v2',
      endpointTypes: [EndpointType.REGIONAL],
      // Tensors are bytes, also where a client says no type or `application/json` with a binary tail.
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: false,
      deployOptions: {
        stageName: 'api',
        accessLogDestination: new LogGroupLogDestination(this.logGroup),
        accessLogFormat,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: true,
        throttlingRateLimit: props.rateLimit ?? 100,
        throttlingBurstLimit: props.burstLimit ?? 200,
      },
    });
    // TLS 1.2 or later; API Gateway's own default takes 1.0 too.
    Object.assign(api.node.defaultChild as CfnRestApi, {
      securityPolicy: SecurityPolicy.TLS13_1_2_PQ_2025_09,
      endpointAccessMode: EndpointAccessMode.BASIC,
    });
    // Its output has a name made of a digest; stacks write one that people can use.
    api.node.tryRemoveChild('Endpoint');
    return api;
  }

  #addRoutes(handler: InferenceFunction, docs: MethodOptions): void {
    const { root } = this.api;
    this.#addTree(root.addResource('v2'), handler, this.#method);
    if (handler.streamTimeout) this.#models();
    this.#addTree(root.addResource('v1'), handler, this.#method);
    // The one path of Text Embeddings Inference that its clients cannot be told to leave out.
    this.#addPath(root.addResource('rerank'), handler, this.#method, 'POST');
    this.#addPath(root.addResource('openapi.json'), handler, docs, 'GET');
    const page = root.addResource('docs');
    this.#addPath(page, handler, docs, 'GET');
    this.#addPath(page.addProxy({ anyMethod: false }), handler, docs, 'GET');
  }

  /** `/v2/models` has a branch of its own only where answers stream, or some models have a function of their own. */
  #models(): IResource {
    const v2 = this.api.root.resourceForPath('v2');
    const existing = v2.getResource('models');
    if (existing) return existing;
    const models = v2.addResource('models');
    this.#addPath(models, this.#handler, this.#method, 'ANY');
    this.#addModel(models.addResource('{model}'), this.#handler);
    return models;
  }

  /** Paths of `/v1` within which a model is named. They are apart from the others where some models are elsewhere. */
  #tasks(): readonly IResource[] {
    const v1 = this.api.root.resourceForPath('v1');
    return ['predict', 'explain'].map((name) => {
      const existing = v1.getResource(name);
      if (existing) return existing;
      const task = v1.addResource(name);
      this.#addTree(task, this.#handler, this.#method);
      return task;
    });
  }

  /** All paths that name a model go to `handler`. */
  #routeModel(name: string, handler: ApiHandler): void {
    this.#addModel(this.#models().addResource(name), handler);
    for (const task of this.#tasks()) this.#addTree(task.addResource(name), handler, this.#method);
  }

  #addBalanced(resource: IResource, path: string, endpoint: RoutedEndpoint): void {
    addBalancedPath(resource, path, endpoint, this.#method, this.#caller);
    if (this.#corsOrigin) addPreflight(resource, this.#corsOrigin);
  }

  /** All paths of a model. Those that stream stand apart: API Gateway asks for them in another way. */
  #addModel(model: IResource, handler: ApiHandler): void {
    this.#addTree(model, handler, this.#method);
    if (!handler.streamTimeout) return;
    const versions = model.addResource('versions');
    this.#addPath(versions, handler, this.#method, 'ANY');
    const version = versions.addResource('{version}');
    this.#addTree(version, handler, this.#method);
    for (const each of [model, version])
      this.#addPath(each.addResource('generate_stream'), handler, this.#method, 'ANY');
  }

  #addTree(resource: IResource, handler: ApiHandler, options: MethodOptions): void {
    this.#addPath(resource, handler, options, 'ANY');
    this.#addPath(resource.addProxy({ anyMethod: false }), handler, options, 'ANY');
  }

  #addPath(resource: IResource, handler: ApiHandler, options: MethodOptions, method: string): void {
    const streamTimeout = streamedPaths.test(resource.path) ? handler.streamTimeout : undefined;
    const integration = new LambdaIntegration(handler.target, {
      timeout: streamTimeout ?? handler.timeout,
      ...(streamTimeout && { responseTransferMode: ResponseTransferMode.STREAM }),
      // One permission for all paths: a function's policy has room for few.
      scopePermissionToMethod: false,
    });
    resource.addMethod(method, integration, options);
    if (this.#corsOrigin) addPreflight(resource, this.#corsOrigin);
  }

  #acknowledge(): void {
    acknowledge(this.api, {
      'AwsSolutions-APIG2':
        'Bodies are tensors, often binary; the function checks them against the model, which API Gateway does not know',
      'AwsSolutions-COG4': 'Callers are programs with an API key or an IAM identity, not the users of a Cognito pool',
      ...(this.authorization === 'api-key' && {
        'AwsSolutions-APIG4': 'Each method asks for a key of a usage plan; who wants more than a key chooses iam',
      }),
    });
  }
}
