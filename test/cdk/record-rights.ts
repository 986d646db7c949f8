const places = ['.audit/calls/*', '.audit/bodies/*', '.usage/*'];

/** What a role may do whose host keeps records of calls, as `rights` tells it. */
export const recordRights = [
  ...places.flatMap((place) => [`s3:GetObject ModelsBucket /${place}`, `s3:PutObject ModelsBucket /${place}`]),
  `s3:ListBucket ModelsBucket ${JSON.stringify({ StringLikeIfExists: { 's3:prefix': places } })}`,
];
