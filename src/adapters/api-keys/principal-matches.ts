import { matchesPattern } from '../../core/matches-pattern.ts';

const session = /^arn:([^:]*):sts::(\d*):assumed-role\/([^/]+)\/.*$/;

/**
 * Whether an IAM principal is the one that a policy names, where `*` at the end stands for any letters. Who has taken a
 * role on is also known by the role, whose ARN there has no path. Source: IAM User Guide, "IAM identifiers".
 */
export function principalMatches(pattern: string, arn: string): boolean {
  const role = arn.replace(session, 'arn:$1:iam::$2:role/$3');
  return matchesPattern(pattern, arn) || matchesPattern(pattern, role);
}
