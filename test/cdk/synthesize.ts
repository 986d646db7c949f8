import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { addStage } from '../../cdk/add-stage.ts';
import type { StageSettings } from '../../cdk/stage-settings.ts';

/** Stands for functions/api.ts. */
export const fixtureHandler = join(import.meta.dirname, 'fixtures/handler.ts');

const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));

const folder = mkdtempSync(join(tmpdir(), 'synth-'));
afterAll(() => rmSync(folder, { recursive: true }));

/**
 * An app with cdk.json's settings, that leaves assets where they are. CloudFormation's rules take longer than the rest
 * of a synthesis: nag.test.ts holds every kind of stage to them, the others need not.
 */
export function testApp({ isValidated = false } = {}): App {
  return new App({
    context: {
      ...context,
      'aws:cdk:disable-asset-staging': true,
      'aws:cdk:disable-creation-stack-traces': true,
    },
    builtinCloudFormationValidation: isValidated,
    treeMetadata: false,
    stackTraces: false,
    outdir: mkdtempSync(join(folder, 'app-')),
  });
}

/** The templates of a stage, with a handler that stands for ours. */
export function synthesize(settings: StageSettings, stage = 'dev'): { state: Template; service: Template } {
  const { state, service } = addStage(testApp(), stage, settings, fixtureHandler);
  return { state: Template.fromStack(state), service: Template.fromStack(service) };
}
