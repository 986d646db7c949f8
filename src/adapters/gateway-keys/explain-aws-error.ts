const missing: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for npm run deploy',
  'Region is missing': 'no AWS region: set AWS_REGION to the one that the service was deployed to',
};

/** The error of an AWS SDK with what to do about it, or as it is where it says so itself. */
export function explainAwsError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const advice = missing[error.name] ?? missing[error.message];
  if (advice) return new Error(advice, { cause: error });
  if ('$fault' in error) return new Error(`AWS refuses: ${error.message} (${error.name})`, { cause: error });
  if ('code' in error) return new Error(`AWS cannot be reached: ${error.message || error.code}`, { cause: error });
  return error;
}
