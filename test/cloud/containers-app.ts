// An app with an endpoint in containers of each kind, for cfn-lint: no stage of the project has one. It takes keys alone:
// with signatures too it would have more resources than CloudFormation takes.
import { App } from 'aws-cdk-lib/core';
import { addStage } from '../../cdk/add-stage.ts';
import type { GpuEndpointSettings } from '../../cdk/container-settings.ts';
import type { StageSettings } from '../../cdk/stage-settings.ts';
import { stages } from '../../cdk/stages.ts';
import { containers, triton } from '../cdk/containers.ts';

const [vision, speech] = containers;
const part: GpuEndpointSettings = { ...speech, name: 'Part', models: ['part'], accelerator: 'l4/4', idleMinutes: 30 };
const { dev } = stages as { dev: StageSettings };
const endpoints = [...dev.endpoints, vision, speech, part, triton];
addStage(new App(), 'dev', { ...dev, auth: 'api-key', endpoints });
