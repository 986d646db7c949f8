import { Command, InvalidArgumentError, Option } from 'commander';
import type { DeploymentKey } from '../src/adapters/gateway-keys/deployment-key.ts';
import { type Action, actions } from '../src/ports/authorize.ts';
import { choosePlan } from './choose-plan.ts';
import { findKey } from './find-key.ts';
import { printTable } from './print-table.ts';

interface KeysOptions {
  readonly stage: string;
  readonly plan?: string;
  readonly json: boolean;
  readonly file?: string;
  readonly models?: readonly string[];
  readonly actions?: readonly Action[];
  readonly expires?: string;
}

/** `tensorgate keys`: who may call a deployment, or a server that stands alone. */
export function keysCommand(): Command {
  return new Command('keys')
    .description('make, list and revoke API keys: of a deployment on AWS, or with --file of a server that stands alone')
    .addCommand(
      withPlace('create <name>', 'make a key, and print its value alone')
        .addOption(
          new Option('--plan <plan>', 'the usage plan that it belongs to; needed where there are several').conflicts(
            'file',
          ),
        )
        .option(
          '--models <names>',
          'with --file: the models that it is good for, such as a,team-*; all without it',
          words,
        )
        .option(
          '--actions <names>',
          `with --file: what it is good for, of ${actions.join(', ')}; infer and read without it`,
          actionWords,
        )
        .option('--expires <day>', 'with --file: the day or time from which on it is no longer good')
        .action(create),
    )
    .addCommand(withPlace('list', 'list keys, without their values').option('--json', 'print JSON', false).action(list))
    .addCommand(withStage('show <name|id>', "print a key's value alone").action(show))
    .addCommand(withPlace('revoke <name|id>', 'delete a key: its holder is refused from then on').action(revoke));
}

function withStage(usage: string, description: string): Command {
  const [name = '', argument] = usage.split(' ');
  const command = new Command(name).description(description).option('--stage <name>', 'the deployment', 'dev');
  return argument ? command.argument(argument) : command;
}

function withPlace(usage: string, description: string): Command {
  const file = new Option('--file <file>', 'the file of keys of a server that stands alone (serve --api-keys)');
  return withStage(usage, description).addOption(file);
}

async function create(name: string, options: KeysOptions): Promise<void> {
  const { stage, plan: wanted, file, models, actions, expires } = options;
  if (name.trim() === '') throw new Error("a key needs a name, such as 'acme'");
  if (file !== undefined) {
    const scope = { ...(models && { models }), ...(actions && { actions }), ...(expires && { expires }) };
    const value = await (await openFile()).create(file, { name, ...scope });
    console.error(`made key '${name}' in ${file}, which has its hash alone: this is the only time that it is shown`);
    console.log(value);
    return;
  }
  if (models || actions || expires)
    throw new Error(
      '--models, --actions and --expires go with --file; on AWS a usage plan says what a key is good for',
    );
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

async function list({ stage, json, file }: KeysOptions): Promise<void> {
  if (file !== undefined) return (await openFile()).list(file, json);
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

async function revoke(nameOrId: string, { stage, file }: KeysOptions): Promise<void> {
  if (file !== undefined) {
    await (await openFile()).revoke(file, nameOrId);
    console.log(`revoked key '${nameOrId}' in ${file}: a server that uses it refuses it a second later`);
    return;
  }
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

async function openFile() {
  return (await import('./file-keys.ts')).fileKeys;
}

function words(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('Expected names with commas between them.');
}

function actionWords(text: string): readonly Action[] {
  const known: readonly string[] = actions;
  const names = words(text);
  if (names.every((name) => known.includes(name))) return names as readonly Action[];
  throw new InvalidArgumentError(`Expected some of ${known.join(', ')}, with commas between them.`);
}

/** The AWS SDK takes a while to load, and only these commands need it. */
async function openKeys(stage: string) {
  const { GatewayKeys } = await import('../src/adapters/gateway-keys/gateway-keys.ts');
  return GatewayKeys.open(stage);
}
