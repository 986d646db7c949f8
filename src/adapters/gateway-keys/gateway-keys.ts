import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
  paginateGetApiKeys,
  paginateGetUsagePlanKeys,
  paginateGetUsagePlans,
} from '@aws-sdk/client-api-gateway';
import type { DeploymentKey } from './deployment-key.ts';
import { explainAwsError } from './explain-aws-error.ts';
import { noDeployment } from './no-deployment.ts';
import { stackTags } from './stack-tags.ts';

const pageSize = 500;

/**
 * The API keys of one deployment, in API Gateway of the account and region that the environment names.
 *
 * The deployment is found by the tags that its stack gives its usage plans; a key is the deployment's where it belongs
 * to one of them. Asks for no rights but those to read plans and keys, and to make and delete keys.
 */
export class GatewayKeys {
  readonly #client: APIGatewayClient;
  readonly #plans: ReadonlyMap<string, string>;
  /** URI of the deployment's model repository; undefined where it was deployed before that was said. */
  readonly models: string | undefined;

  private constructor(client: APIGatewayClient, plans: ReadonlyMap<string, string>, models: string | undefined) {
    this.#client = client;
    this.#plans = plans;
    this.models = models;
  }

  /** Finds the deployment of `stage`. Rejects where there is none that takes keys. */
  static async open(stage: string): Promise<GatewayKeys> {
    return explained(async () => {
      const client = new APIGatewayClient({});
      const byStage = new Map<string, Map<string, string>>();
      let models: string | undefined;
      for await (const { items = [] } of paginateGetUsagePlans({ client, pageSize }, {})) {
        for (const { id, tags = {} } of items) {
          const { [stackTags.stage]: ofStage, [stackTags.plan]: name } = tags;
          if (!id || !ofStage || !name) continue;
          if (ofStage === stage) models ??= tags[stackTags.models];
          byStage.set(ofStage, (byStage.get(ofStage) ?? new Map()).set(name, id));
        }
      }
      const plans = byStage.get(stage);
      if (!plans) throw noDeployment(stage, await client.config.region(), [...byStage.keys()]);
      return new GatewayKeys(client, plans, models);
    });
  }

  /** Names of the usage plans. */
  get plans(): readonly string[] {
    return [...this.#plans.keys()].sort();
  }

  /** All keys of all plans, by name. */
  async list(): Promise<readonly DeploymentKey[]> {
    return explained(async () => {
      const client = this.#client;
      const planOf = new Map<string, string>();
      for (const [plan, usagePlanId] of this.#plans)
        for await (const { items = [] } of paginateGetUsagePlanKeys({ client, pageSize }, { usagePlanId }))
          for (const { id } of items) if (id) planOf.set(id, plan);

      const keys: DeploymentKey[] = [];
      for await (const { items = [] } of paginateGetApiKeys({ client, pageSize }, { includeValues: false }))
        for (const { id = '', name = '', tags = {}, enabled = false, createdDate: created } of items) {
          const plan = planOf.get(id);
          const stackName = tags[stackTags.key];
          const isOfStack = stackName !== undefined;
          if (plan) keys.push({ id, name: stackName ?? name, plan, enabled, created, isOfStack });
        }
      return keys.sort((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  /**
   * Makes a key of a plan, with a value of API Gateway's own or `wanted`. It is whole or not there: one that cannot
   * join the plan is deleted again.
   */
  async create(name: string, plan: string, wanted?: string): Promise<{ readonly id: string; readonly value: string }> {
    return explained(async () => {
      const description = `${name}, of usage plan ${plan}; made by tensorgate keys create`;
      const { id = '', value = '' } = await this.#client.send(
        new CreateApiKeyCommand({ name, description, enabled: true, ...(wanted !== undefined && { value: wanted }) }),
      );
      const joining = { usagePlanId: this.#plans.get(plan), keyId: id, keyType: 'API_KEY' };
      try {
        await this.#client.send(new CreateUsagePlanKeyCommand(joining));
      } catch (error) {
        // Where even this fails, what is left belongs to no plan, and opens nothing.
        await this.#client.send(new DeleteApiKeyCommand({ apiKey: id })).catch(() => undefined);
        throw error;
      }
      return { id, value };
    });
  }

  /** What callers send as `x-api-key`. */
  async valueOf(id: string): Promise<string> {
    return explained(async () => {
      const { value = '' } = await this.#client.send(new GetApiKeyCommand({ apiKey: id, includeValue: true }));
      return value;
    });
  }

  async delete(id: string): Promise<void> {
    await explained(() => this.#client.send(new DeleteApiKeyCommand({ apiKey: id })));
  }
}

async function explained<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw explainAwsError(error);
  }
}
