import { Command, Option } from 'commander';
import type { KeyEntry } from '../src/adapters/api-keys/key-entry.ts';
import { findKey } from './find-key.ts';
import { jsonOption } from './json-option.ts';
import { policyCells, policyColumns } from './policy-cells.ts';
import { changedBy, type PolicyOptions, policyOf, withPolicyOptions } from './policy-options.ts';
import { printTable } from './print-table.ts';
import { timeText } from './time-text.ts';
import { UsageError } from './usage-error.ts';

interface KeysOptions extends PolicyOptions {
  readonly stage: string;
  readonly plan?: string;
  readonly principal?: string;
  readonly json: boolean;
  readonly file?: string;
}

/** `tensorgate keys`: who may call a deployment, or a server that stands alone, and what they may do. */
export function keysCommand(): Command {
  const create = withPlace('create <name>', 'make a key, and print its value alone')
    .addOption(
      new Option('--plan <plan>', 'the usage plan that it belongs to; needed where there are several').conflicts([
        'file',
        'principal',
      ]),
    )
    .option('--principal <arn>', 'make no key, but say what this IAM principal may do');
  const set = withPlace('set <name|id>', 'change what a key or principal may do; what no option speaks of stays');
  return new Command('keys')
    .description(
      'make, change, list and revoke API keys: of a deployment on AWS, or with --file of a server that stands alone',
    )
    .addCommand(withPolicyOptions(create, { models: 'all', actions: 'infer and read' }).action(createKey))
    .addCommand(withPolicyOptions(set, { models: 'as it was', actions: 'as it was' }).action(setPolicy))
    .addCommand(withPlace('list', 'list keys, without their values').addOption(jsonOption()).action(list))
    .addCommand(
      withPlace('show <name|id>', "print a key's value alone; with --file, where it is nowhere, its policy").action(
        show,
      ),
    )
    .addCommand(withPlace('revoke <name|id>', 'delete a key: its holder is refused from then on').action(revoke));
}

function withPlace(usage: string, description: string): Command {
  const [name = '', argument] = usage.split(' ');
  const command = new Command(name)
    .description(description)
    .option('--stage <name>', 'the deployment', 'dev')
    .option('--file <file>', 'the file of keys of a server that stands alone (serve --api-keys): a path or s3:// URI');
  return argument ? command.argument(argument) : command;
}

async function createKey(name: string, options: KeysOptions): Promise<void> {
  const { stage, plan: wanted, file, principal } = options;
  if (name.trim() === '') throw new UsageError("a key needs a name, such as 'acme'");
  const policy = policyOf(name, options);
  if (file !== undefined && principal !== undefined) {
    await (await openPolicies()).add(file, { ...(policy ?? { name }), principal });
    console.log(`made policy '${name}' of ${principal} in ${file}`);
    return;
  }
  if (file !== undefined) {
    const value = await (await openFile()).create(file, policy ?? { name });
    console.error(`made key '${name}' in ${file}, which has its hash alone: this is the only time that it is shown`);
    console.log(value);
    return;
  }
  const keys = await openDeployment(stage);
  if (principal !== undefined) {
    await keys.addPrincipal(principal, policy ?? { name });
    console.log(`made policy '${name}' of ${principal}, stage ${stage}`);
    return;
  }
  const { id, value, plan } = await keys.create(name, wanted, policy);
  console.error(`made key '${name}', id ${id}, of plan ${plan}, stage ${stage}`);
  console.log(value);
}

async function setPolicy(nameOrId: string, options: KeysOptions, command: Command): Promise<void> {
  const { stage, file } = options;
  const change = changedBy(options);
  if (!change) return command.error('error: expected what is to change, such as --quota 1000/day');
  if (file !== undefined) {
    await (await openPolicies()).change(file, nameOrId, change);
    console.log(`changed the policy of '${nameOrId}' in ${file}: a server that uses it goes by it seconds later`);
    return;
  }
  await (await openDeployment(stage)).change(nameOrId, change);
  console.log(`changed the policy of '${nameOrId}', stage ${stage}: it holds within the policySeconds of the stage`);
}

async function list({ stage, json, file }: KeysOptions): Promise<void> {
  if (file !== undefined) return (await openFile()).list(file, json);
  const gateway = await openKeys(stage);
  const entries = await (await openDeployment(stage, gateway)).policies();
  const keys = (await gateway.list()).map(({ name, id, plan, enabled, created }) => {
    const entry = entries.find((each) => each.name === name && each.sha256 !== undefined);
    return { name, id, plan, enabled, created, ...(entry && { policy: policyIn(entry) }) };
  });
  const principals = entries.flatMap((entry) =>
    entry.principal === undefined ? [] : [{ name: entry.name, principal: entry.principal, policy: policyIn(entry) }],
  );
  if (json) return console.log(JSON.stringify([...keys, ...principals], null, 2));
  if (keys.length + principals.length === 0)
    return console.log(`no keys of stage ${stage}; tensorgate keys create NAME makes one`);
  // A key without a policy may do all that its plan lets it.
  const cellsOf = (policy: KeyEntry | undefined) => (policy ? policyCells(policy) : ['all', 'all', 'plan', 'never']);
  printTable(
    ['NAME', 'ID', 'PLAN', 'ENABLED', 'CREATED', ...policyColumns],
    [
      ...keys.map(({ name, id, plan, enabled, created, policy }) => {
        const day = created ? timeText(created) : '-';
        return [name, id, plan, enabled ? 'yes' : 'no', day, ...cellsOf(policy)];
      }),
      ...principals.map(({ name, principal, policy }) => [name, principal, 'IAM', 'yes', '-', ...cellsOf(policy)]),
    ],
  );
}

async function show(nameOrId: string, { stage, file }: KeysOptions): Promise<void> {
  if (file !== undefined) return (await openFile()).show(file, nameOrId);
  const keys = await openKeys(stage);
  console.log(await keys.valueOf(findKey(nameOrId, await keys.list(), stage).id));
}

async function revoke(nameOrId: string, { stage, file }: KeysOptions): Promise<void> {
  if (file !== undefined) {
    await (await openPolicies()).remove(file, nameOrId);
    console.log(`revoked key '${nameOrId}' in ${file}: a server that uses it refuses it seconds later`);
    return;
  }
  const gateway = await openKeys(stage);
  const keys = await openDeployment(stage, gateway);
  const principal = (await keys.policies()).find((entry) => entry.name === nameOrId)?.principal;
  if (principal !== undefined) {
    await keys.removePrincipal(nameOrId);
    console.log(`took policy '${nameOrId}' away, stage ${stage}: ${principal} may do what IAM lets it`);
    return;
  }
  const key = findKey(nameOrId, await gateway.list(), stage);
  await keys.revoke(key);
  console.log(`revoked key '${key.name}' (id ${key.id}, plan ${key.plan}), stage ${stage}: it is deleted`);
  if (key.isOfStack)
    console.error(
      `cdk/stages.ts names it among the keys of plan ${key.plan}: take it out there before the next deploy`,
    );
}

function policyIn({ sha256: _, principal: __, ...policy }: KeyEntry) {
  return policy;
}

async function openFile() {
  return (await import('./file-keys.ts')).fileKeys;
}

async function openPolicies() {
  return (await import('../src/adapters/api-keys/change-policies.ts')).changePolicies;
}

/** The AWS SDK takes a while to load, and only these commands need it. */
async function openKeys(stage: string) {
  const { GatewayKeys } = await import('../src/adapters/gateway-keys/gateway-keys.ts');
  return GatewayKeys.open(stage);
}

async function openDeployment(stage: string, gateway?: Awaited<ReturnType<typeof openKeys>>) {
  const { DeploymentKeys } = await import('./deployment-keys.ts');
  return new DeploymentKeys(gateway ?? (await openKeys(stage)), stage);
}
