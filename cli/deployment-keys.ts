import { changePolicies } from '../src/adapters/api-keys/change-policies.ts';
import { hashKey } from '../src/adapters/api-keys/hash-key.ts';
import type { KeyEntry, Policy } from '../src/adapters/api-keys/key-entry.ts';
import { newKey } from '../src/adapters/api-keys/new-key.ts';
import { openKeyFile } from '../src/adapters/api-keys/open-key-file.ts';
import { parseKeyFile } from '../src/adapters/api-keys/parse-key-file.ts';
import { policiesFile } from '../src/adapters/api-keys/policies-file.ts';
import type { DeploymentKey } from '../src/adapters/gateway-keys/deployment-key.ts';
import type { GatewayKeys } from '../src/adapters/gateway-keys/gateway-keys.ts';
import { choosePlan } from './choose-plan.ts';
import { findKey } from './find-key.ts';
import { UsageError } from './usage-error.ts';

/**
 * The keys of a deployment in API Gateway, with the policies of those that have one, which lie in its model repository.
 */
export class DeploymentKeys {
  readonly #gateway: GatewayKeys;
  readonly #stage: string;

  constructor(gateway: GatewayKeys, stage: string) {
    this.#gateway = gateway;
    this.#stage = stage;
  }

  /**
   * Makes a key of a usage plan. Its policy is there before it is: at no time may it do more. Without one it may do all
   * that its plan lets it.
   */
  async create(name: string, wantedPlan: string | undefined, policy: Policy | undefined) {
    const plan = choosePlan(wantedPlan, this.#gateway.plans, this.#stage);
    const taken = (await this.#gateway.list()).find((key) => key.name === name || key.id === name);
    if (taken)
      throw new Error(
        `stage ${this.#stage} has a key '${name}' already (id ${taken.id}, plan ${taken.plan}): revoke it, or choose another name`,
      );
    if (!policy) return { ...(await this.#gateway.create(name, plan)), plan };
    refuseRate(policy);
    const file = this.#file();
    const value = newKey();
    await changePolicies.add(file, { ...policy, sha256: hashKey(value).toString('hex') });
    try {
      return { ...(await this.#gateway.create(name, plan, value)), plan };
    } catch (error) {
      await changePolicies.remove(file, name);
      throw error;
    }
  }

  /** Says what an IAM principal may do. */
  async addPrincipal(principal: string, policy: Policy): Promise<void> {
    await changePolicies.add(this.#file(), { ...policy, principal });
  }

  /** The entries of the policies. */
  async policies(): Promise<readonly KeyEntry[]> {
    const { models } = this.#gateway;
    const text = models === undefined ? undefined : await openKeyFile(policiesFile.of(models)).read();
    return text === undefined ? [] : (await parseKeyFile(text)).keys;
  }

  /** Changes the policy of a principal, or of a key; one that has none gets one. */
  async change(nameOrId: string, change: (before: KeyEntry) => KeyEntry): Promise<void> {
    const checked = (before: KeyEntry) => {
      const after = change(before);
      refuseRate(after);
      return after;
    };
    const entries = await this.policies();
    if (entries.some(({ name, principal }) => name === nameOrId && principal !== undefined))
      return changePolicies.change(this.#file(), nameOrId, checked);
    const { id, name } = findKey(nameOrId, await this.#gateway.list(), this.#stage);
    const sha256 = hashKey(await this.#gateway.valueOf(id)).toString('hex');
    const entry = entries.find((each) => each.sha256 === sha256);
    if (entry) await changePolicies.change(this.#file(), entry.name, checked);
    else await changePolicies.add(this.#file(), checked({ name, sha256 }));
  }

  /** Deletes a key, then its policy. */
  async revoke(key: DeploymentKey): Promise<void> {
    await this.#gateway.delete(key.id);
    const entry = (await this.policies()).find(({ name, sha256 }) => name === key.name && sha256 !== undefined);
    if (entry) await changePolicies.remove(this.#file(), entry.name);
  }

  /** Takes the policy of a principal away. */
  async removePrincipal(name: string): Promise<void> {
    await changePolicies.remove(this.#file(), name);
  }

  #file(): string {
    const { models } = this.#gateway;
    if (models !== undefined) return policiesFile.of(models);
    throw new Error(
      `stage ${this.#stage} was deployed before keys had policies: npm run deploy -- --stage ${this.#stage} first`,
    );
  }
}

function refuseRate({ rate }: Policy): void {
  if (rate) throw new UsageError('--rate goes with --file; on AWS a usage plan has it: --plan says which');
}
