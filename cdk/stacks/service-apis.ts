import { ApiKey, type IAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { Duration, type Stack, Tags } from 'aws-cdk-lib/core';
import { acknowledge } from '../constructs/acknowledge.ts';
import { addDomain } from '../constructs/add-domain.ts';
import { addOutput } from '../constructs/add-output.ts';
import { ApiFirewall } from '../constructs/api-firewall.ts';
import { ApiLogging } from '../constructs/api-logging.ts';
import { InferenceApi } from '../constructs/inference-api.ts';
import type { InferenceFunction } from '../constructs/inference-function.ts';
import type { ModelBucket } from '../constructs/model-bucket.ts';
import { PolicyAuthorizer } from '../constructs/policy-authorizer.ts';
import { RefusalRecords } from '../constructs/refusal-records.ts';
import type { StageSettings, UsagePlanSettings } from '../stage-settings.ts';

export interface ServiceApisProps {
  readonly settings: StageSettings;
  readonly models: ModelBucket;
  readonly entry?: string | undefined;
}

/** The APIs of a service, before its functions, and what guards them. What it makes belongs to the stack itself. */
export class ServiceApis {
  readonly apis: readonly InferenceApi[];
  /** What is kept of calls that an API refuses; undefined where the stage keeps none. */
  readonly refusals: RefusalRecords | undefined;
  readonly #stack: Stack;
  readonly #props: ServiceApisProps;
  readonly #settings: StageSettings;

  constructor(stack: Stack, props: ServiceApisProps, functions: readonly InferenceFunction[]) {
    this.#stack = stack;
    this.#props = props;
    this.#settings = props.settings;
    const { auth, usagePlans, domain, audit } = this.#settings;
    const logging = new ApiLogging(stack, 'ApiLogging');
    const keyed = auth === 'iam' ? undefined : this.#api('KeyApi', 'api-key', functions);
    const signed = auth === 'api-key' ? undefined : this.#api('SignedApi', 'iam', functions);
    this.apis = [keyed, signed].filter((api) => api !== undefined);
    for (const { api } of this.apis) api.deploymentStage.node.addDependency(logging);
    this.refusals = audit?.calls === 'off' ? undefined : this.#recordRefusals();

    if (keyed) for (const plan of usagePlans) this.#usagePlan(keyed, plan);
    if (domain) {
      const { target } = addDomain(stack, domain, this.apis);
      addOutput(stack, 'DomainTarget', target, `What ${domain.name} has to point at`);
    }
    this.#guard();
    const [first] = this.apis;
    if (first)
      addOutput(stack, 'ApiUrl', first.url, `Base URL, for calls with ${keyed ? 'x-api-key' : 'an IAM signature'}`);
    if (keyed && signed) addOutput(stack, 'SignedApiUrl', signed.url, 'Base URL, for calls with an IAM signature');
  }

  #api(id: string, authorization: 'api-key' | 'iam', functions: readonly InferenceFunction[]): InferenceApi {
    const { rateLimit, burstLimit, corsOrigin, openDocs, logRetentionDays: logRetention } = this.#settings;
    const authorizer = authorization === 'api-key' ? this.#authorizer() : undefined;
    if (authorization === 'iam') for (const each of functions) each.knowPrincipals(this.#props.models);
    const handler = functions.find(({ models }) => !models.modelNames);
    if (!handler) throw new Error('No endpoint serves the models that no other names');
    const api = new InferenceApi(this.#stack, id, {
      handler,
      authorization,
      authorizer,
      rateLimit,
      burstLimit,
      corsOrigin,
      openDocs,
      logRetention,
    });
    for (const other of functions) if (other !== handler) api.route(other);
    return api;
  }

  #guard(): void {
    const { firewall } = this.#settings;
    if (firewall) {
      const wall = new ApiFirewall(this.#stack, 'Firewall', firewall);
      for (const api of this.apis) wall.protect(api);
    } else {
      acknowledge(this.#stack, {
        'AwsSolutions-APIG3': 'The stage has no firewall; keys or signatures, and limits on how much, guard the API',
      });
    }
  }

  #recordRefusals(): RefusalRecords {
    const { models, entry } = this.#props;
    const { logRetentionDays: logRetention } = this.#settings;
    const refusals = new RefusalRecords(this.#stack, 'Refusals', { models, entry, logRetention });
    for (const { logGroup } of this.apis) refusals.follow(logGroup);
    return refusals;
  }

  #authorizer(): IAuthorizer {
    const { models, entry } = this.#props;
    const { policySeconds, logRetentionDays: logRetention } = this.#settings;
    const cacheTtl = policySeconds === undefined ? undefined : Duration.seconds(policySeconds);
    return new PolicyAuthorizer(this.#stack, 'Policies', { models, entry, logRetention, cacheTtl }).authorizer;
  }

  #usagePlan(api: InferenceApi, { name, keys = [], ...limits }: UsagePlanSettings): void {
    const plan = api.addUsagePlan(`${name}Plan`, limits);
    // `tensorgate keys` knows plans, keys and where policies lie by these: API Gateway gives them names of its own.
    Tags.of(plan).add('tensorgate:plan', name);
    Tags.of(plan).add('tensorgate:models', this.#props.models.uri);
    addOutput(this.#stack, `${name}PlanId`, plan.usagePlanId, `Usage plan '${name}'`);
    for (const key of keys) {
      const apiKey = new ApiKey(this.#stack, `${key}Key`, { description: `${key}, of usage plan ${name}` });
      Tags.of(apiKey).add('tensorgate:key', key);
      plan.addApiKey(apiKey);
      addOutput(this.#stack, `${key}KeyId`, apiKey.keyId, `Id, not value, of the API key '${key}'`);
      addOutput(
        this.#stack,
        `Read${key}Key`,
        `aws apigateway get-api-key --include-value --query value --output text --api-key ${apiKey.keyId}`,
        `Prints the value of the API key '${key}'`,
      );
    }
  }
}
