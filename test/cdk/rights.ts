import type { Template } from 'aws-cdk-lib/assertions';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What the role of a function may do: each action with the resource it may do it to, shortened. */
export function rights(template: Template, role: string): string[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
    JSON.stringify(policy.Properties.Roles).includes(role),
  );
  const statements: Statement[] = policies.flatMap((policy) => policy.Properties.PolicyDocument.Statement);
  const rows = statements.flatMap(({ Action, Resource, Condition }) =>
    [Action].flat().flatMap((action) =>
      [Resource].flat().map((resource) => {
        const text = JSON.stringify(resource);
        const target =
          /(Models|Data)Bucket|Key|FunctionLog|Batch(Plan|Infer|Finish)Log|Jobs(Begin|Run|Worker|Reduce|Finish)Log|DeadLetters|Batch(Plan|Infer|Finish)Function/.exec(
            text,
          )?.[0] ?? text;
        return [action, target, /"(\/[^"]*)"\]\]/.exec(text)?.[1], Condition && JSON.stringify(Condition)]
          .filter(Boolean)
          .join(' ');
      }),
    ),
  );
  return rows.sort();
}
