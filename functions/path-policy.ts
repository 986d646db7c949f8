import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { defaultActions, type Policy } from '../src/adapters/api-keys/key-entry.ts';

/** What API Gateway takes. Source: API Gateway quotas, "Lambda authorizer result". */
const mostLetters = 8000;

const reading = ['GET', 'HEAD'] as const;
/** Paths that name no model; which of theirs a caller sees, or may name in a body, the function knows. */
const withoutModel: readonly (readonly [path: string, ...methods: string[]])[] = [
  ['v1/*', ...reading, 'POST', 'DELETE'],
  ['v2', ...reading],
  ['v2/health/*', ...reading],
  ['v2/models', ...reading],
  ['v2/models/stats', ...reading],
  ['v2/uploads', 'POST'],
  ['v2/rerank', 'POST'],
  ['v2/repository/*', 'POST'],
  ['openapi.json', ...reading],
  ['docs*', ...reading],
];

/**
 * What API Gateway lets a key call, by paths: those of its models, by the method of each action, and those that name
 * none. It keeps the result for a while, for all paths. Throws an Error where it would be longer than API Gateway
 * takes.
 *
 * @param stageArn as `arn:aws:execute-api:eu-west-1:123456789012:abc/api`
 */
export function pathPolicy(stageArn: string, policy: Policy): APIGatewayAuthorizerResult['policyDocument'] {
  const { name, models, actions = defaultActions } = policy;
  const methods = [...(actions.includes('infer') ? ['POST'] : []), ...(actions.includes('read') ? reading : [])];
  // Names hold no star but one at the end, which is also API Gateway's word for any letters.
  const paths = (models ?? ['*']).flatMap((model) => (model.endsWith('*') ? [model] : [model, `${model}/*`]));
  const rows = [...withoutModel, ...paths.map((path) => [`v2/models/${path}`, ...methods] as const)];
  // Any region and account: the API's id says which it is, in fewer letters.
  const [partition, api] = [stageArn.split(':')[1], stageArn.split(':').at(-1)];
  const Resource = rows.flatMap(([path, ...allowed]) =>
    allowed.map((method) => `arn:${partition}:execute-api:*:*:${api}/${method}/${path}`),
  );
  const document: APIGatewayAuthorizerResult['policyDocument'] = {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource }],
  };
  if (JSON.stringify(document).length <= mostLetters) return document;
  throw new Error(`policy '${name}' names more models than API Gateway takes: name some of them by team-*, say`);
}
