import { checkContainers } from './check-containers.ts';
import { checkJobs } from './check-jobs.ts';
import { checkSettings, type SettingsShape } from './check-settings.ts';
import { checkBatch } from './constructs/check-batch.ts';
import { SettingsError } from './settings-error.ts';
import type { EndpointSettings, StageSettings, UsagePlanSettings } from './stage-settings.ts';
import { stageShapes } from './stage-shapes.ts';

// Stacks are named for it with a capital, so that two which differ in that alone would be one.
const stageName = /^[a-z][a-zA-Z0-9-]{0,39}$/;

/**
 * Throws a `SettingsError` where a stage cannot be deployed as it is written: all that is wrong, and what to write
 * instead.
 */
export function checkStage(name: string, settings: StageSettings): void {
  const values = [...checkName(name), ...checkValues(settings)];
  // What does not even fit by itself is not compared.
  const problems =
    values.length > 0
      ? values
      : [
          ...checkEndpoints(settings),
          ...checkContainers(settings),
          ...checkUsagePlans(settings),
          ...checkDomain(settings),
          ...checkSigning(settings),
          ...(settings.batch ? checkBatch(settings.batch) : []),
          ...(settings.jobs ? checkJobs(settings.jobs) : []),
        ];
  if (problems.length > 0)
    throw new SettingsError(
      `Stage '${name}' of cdk/stages.ts cannot be deployed:\n${problems.map((line) => `- ${line}`).join('\n')}`,
    );
}

function checkName(name: string): string[] {
  return stageName.test(name)
    ? []
    : [
        `the stage's own name is ${JSON.stringify(name)}: write letters, digits and '-', 40 at most, the first a small letter`,
      ];
}

function checkValues(settings: StageSettings): string[] {
  const { domain, network, firewall, batch, jobs, preparation, drift, audit } = settings;
  return [
    ...checkSettings('stage', settings, stageShapes.stage),
    ...list(settings.endpoints).flatMap((item, i) => checkSettings(`endpoints[${i}]`, item, shapeOf(item))),
    ...list(settings.usagePlans).flatMap((item, i) => checkSettings(`usagePlans[${i}]`, item, stageShapes.usagePlan)),
    ...(domain ? checkSettings('domain', domain, stageShapes.domain) : []),
    ...(domain?.hostedZone ? checkSettings('domain.hostedZone', domain.hostedZone, stageShapes.hostedZone) : []),
    ...(network === undefined ? [] : checkSettings('network', network, stageShapes.network)),
    ...(firewall ? checkSettings('firewall', firewall, stageShapes.firewall) : []),
    ...(batch === undefined ? [] : checkSettings('batch', batch, stageShapes.batch)),
    ...(jobs === undefined ? [] : checkSettings('jobs', jobs, stageShapes.jobs)),
    ...(preparation === undefined ? [] : checkSettings('preparation', preparation, stageShapes.preparation)),
    ...(drift === undefined ? [] : checkSettings('drift', drift, stageShapes.drift)),
    ...(audit === undefined ? [] : checkSettings('audit', audit, stageShapes.audit)),
  ];
}

function shapeOf(endpoint: StageSettings['endpoints'][number]): SettingsShape {
  const kind = endpoint?.kind ?? 'function';
  // One that is none is told of by the shape of a function.
  return Object.hasOwn(stageShapes.endpoints, kind) ? stageShapes.endpoints[kind] : stageShapes.endpoints.function;
}

function checkEndpoints({ endpoints, timeoutQuotaRaised }: StageSettings): string[] {
  const all = list(endpoints);
  const problems = repeated(all.map(({ name }) => name)).map(
    (name) => `endpoints: '${name}' is there twice: rename one`,
  );
  const forRest = all.filter(({ models }) => !models);
  if (forRest.length !== 1)
    problems.push(
      `endpoints: ${forRest.length} of them name no models: write exactly one without models, which serves all that no other names`,
    );
  for (const model of repeated(all.flatMap(({ models }) => list(models))))
    problems.push(`endpoints: '${model}' is a model of two: leave it in one`);
  for (const endpoint of all)
    if (endpoint.kind !== 'container' && endpoint.kind !== 'gpu')
      problems.push(...checkEndpoint(endpoint, timeoutQuotaRaised ?? false));
  return problems;
}

function checkEndpoint(endpoint: EndpointSettings, timeoutQuotaRaised: boolean): string[] {
  const { name, models, pinnedModels, timeoutSeconds = 29, reservedConcurrency: reserved } = endpoint;
  const { provisionedConcurrency: provisioned, maxProvisionedConcurrency: max } = endpoint;
  const problems: string[] = [];
  const foreign = list(pinnedModels).filter((model) => models && !list(models).includes(model));
  if (foreign.length > 0) problems.push(`pins ${foreign.join(', ')}, which it does not serve: add them to its models`);
  if (models?.length === 0) problems.push('serves no models: name some, or leave models out');
  if (timeoutSeconds > 29 && !timeoutQuotaRaised)
    problems.push(
      `may take ${timeoutSeconds} s, and API Gateway waits 29: write 29 or less, or have the account's quota raised and write timeoutQuotaRaised: true`,
    );
  if (max !== undefined && max < (provisioned ?? Infinity))
    problems.push(
      provisioned
        ? `keeps ${provisioned} environments started and ${max} at most: write maxProvisionedConcurrency: ${provisioned} or more`
        : 'has maxProvisionedConcurrency alone: write provisionedConcurrency too',
    );
  if (reserved !== undefined && reserved < (max ?? provisioned ?? 0))
    problems.push(
      `keeps more environments started than its reservedConcurrency, ${reserved}: write ${max ?? provisioned} or more`,
    );
  if (endpoint.warmUpMinutes !== undefined && provisioned !== undefined)
    problems.push('keeps environments started, which need no warmth: leave warmUpMinutes out');
  return problems.map((problem) => `endpoint '${name}' ${problem}`);
}

function checkUsagePlans({ auth, usagePlans }: StageSettings): string[] {
  const plans = list(usagePlans);
  const problems: string[] = [];
  if (auth === 'iam' && plans.length > 0)
    problems.push(
      "usagePlans: they count the calls of keys, and auth 'iam' has none: write usagePlans: [], or auth: 'both'",
    );
  if (auth !== 'iam' && plans.length === 0)
    problems.push(`usagePlans: keys belong to plans, and without one nobody may call: write a plan, or auth: 'iam'`);
  for (const { name } of plans.filter(({ quota, quotaPeriod }) => quotaPeriod && quota === undefined))
    problems.push(`usagePlans: '${name}' has a quotaPeriod without a quota: write one, or leave quotaPeriod out`);
  for (const name of repeated(plans.map((plan: UsagePlanSettings) => plan.name)))
    problems.push(`usagePlans: '${name}' is there twice: rename one`);
  for (const key of repeated(plans.flatMap(({ keys }) => list(keys))))
    problems.push(`usagePlans: the key '${key}' is in two plans: leave it in one`);
  return problems;
}

function checkDomain({ domain }: StageSettings): string[] {
  const zone = domain?.hostedZone?.name;
  if (!domain || !zone || domain.name === zone || domain.name.endsWith(`.${zone}`)) return [];
  return [
    `domain: '${domain.name}' is no name of the zone '${zone}': write one that ends with '.${zone}', or its zone`,
  ];
}

// With the other settings of a function they have 4 KB.
const mostSigningKeys = 8;

function checkSigning({ signingKeys, preparation, endpoints }: StageSettings): string[] {
  if (!signingKeys) return [];
  const problems: string[] = [];
  if (signingKeys.length === 0 || signingKeys.length > mostSigningKeys)
    problems.push(
      `signingKeys: there are ${signingKeys.length}: write 1 to ${mostSigningKeys}, or leave signingKeys out`,
    );
  if (preparation)
    problems.push('preparation: its forms are not signed, and would not be used: leave preparation or signingKeys out');
  for (const endpoint of endpoints)
    if (endpoint.kind === 'gpu' && (endpoint.engine ?? 'tensorgate') !== 'tensorgate')
      problems.push(
        `endpoint '${endpoint.name}' has the engine '${endpoint.engine}', which checks no signatures: leave it or signingKeys out`,
      );
  return problems;
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

/** Nothing, where a list is missing or is none: the shapes say so already. */
function list<T>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : [];
}
