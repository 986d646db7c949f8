import { nearestWord } from '../nearest-word.ts';

/** The error for a stage without usage plans in a region where `known` stages have some. */
export function noDeployment(stage: string, region: string, known: readonly string[]): Error {
  const near = nearestWord(stage, known);
  const others = near ? `; did you mean --stage ${near}?` : known.length > 0 ? `; there is ${known.join(', ')}` : '';
  return new Error(
    `no deployment of stage '${stage}' that takes keys in ${region}${others || `: npm run deploy -- --stage ${stage} makes one, AWS_REGION names another region`}`,
  );
}
