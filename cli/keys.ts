import { Command } from 'commander';
import type { DeploymentKey } from '../src/adapters/gateway-keys/deployment-key.ts';
import { choosePlan } from './choose-plan.ts';
import { findKey } from './find-key.ts';
import { printTable } from './print-table.ts';

interface KeysOptions {
  readonly stage: string;
  readonly plan?: string;
  readonly json?: boolean;
}

/** `tensorgate keys`: who may call a deployment. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('make, list and revoke the API keys of a deployment on AWS')
    .addCommand(
      withStage('create <name>', 'make a key, and print its value alone')
        .option('--plan <plan>', 'the usage plan that it belongs to; needed where there are several')
        .action(create),
    )
    .addCommand(withStage('list', 'list keys, without their values').option('--json', 'print JSON', false).action(list))
    .addCommand(withStage('show <name|id>', "print a key's value alone").action(show))
    .addCommand(withStage('revoke <name|id>', 'delete a key: its holder gets 403 from then on').action(revoke));
}

function withStage(usage: string, description: string): Command {
  const [name = '', argument] = usage.split(' ');
  const command = new Command(name).description(description).option('--stage <name>', 'the deployment', 'dev');
  return argument ? command.argument(argument) : command;
}

async function create(name: string, { stage, plan: wanted }: KeysOptions): Promise<void> {
  if (name.trim() === '') throw new Error("a key needs a name, such as 'acme'");
  const keys = await openKeys(stage);
  const plan = choosePlan(wanted, keys.plans, stage);
  const taken = (await keys.list()).find((key) => key.name === name || key.id === name);
  if (taken)
    throw new Error(
      `stage ${stage} has a key '${name}' already (${describe(taken)}): revoke it, or choose another name`,
    );
  const { id, value } = await keys.create(name, plan);
  console.error(`made key '${name}', id ${id}, of plan ${plan}, stage ${stage}`);
  console.log(value);
}

async function list({ stage, json }: KeysOptions): Promise<void> {
  const keys = await (await openKeys(stage)).list();
  const rows = keys.map(({ name, id, plan, enabled, created }) => ({ name, id, plan, enabled, created }));
  if (json) console.log(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) console.log(`no keys of stage ${stage}; tensorgate keys create NAME makes one`);
  else
    printTable(
      ['NAME', 'ID', 'PLAN', 'ENABLED', 'CREATED'],
      rows.map(({ name, id, plan, enabled, created }) => [
        name,
        id,
        plan,
        enabled ? 'yes' : 'no',
        created?.toISOString().replace(/\.\d+/, '') ?? '-',
      ]),
    );
}

async function show(nameOrId: string, { stage }: KeysOptions): Promise<void> {
  const keys = await openKeys(stage);
  console.log(await keys.valueOf(findKey(nameOrId, await keys.list(), stage).id));
}

async function revoke(nameOrId: string, { stage }: KeysOptions): Promise<void> {
  const keys = await openKeys(stage);
  const key = findKey(nameOrId, await keys.list(), stage);
  await keys.delete(key.id);
  console.log(`revoked key '${key.name}' (${describe(key)}), stage ${stage}: it is deleted`);
  if (key.isOfStack)
    console.error(
      `cdk/stages.ts names it among the keys of plan ${key.plan}: take it out there before the next deploy`,
    );
}

function describe({ id, plan }: DeploymentKey): string {
  return `id ${id}, plan ${plan}`;
}

/** The AWS SDK takes a while to load, and only these commands need it. */
async function openKeys(stage: string) {
  const { GatewayKeys } = await import('../src/adapters/gateway-keys/gateway-keys.ts');
  return GatewayKeys.open(stage);
}
