/**
 * What a role may do where its host takes canaries back, as `rights` tells it. @param models those that it serves;
 * none: all
 */
export function canaryRights(...models: string[]): string[] {
  const counts = models.length > 0 ? models.map((name) => `.canary/${name}/*`) : ['.canary/*'];
  const aliases = models.length > 0 ? models.map((name) => `${name}/aliases.json`) : ['*/aliases.json'];
  const changes = '.audit/changes/*';
  const to = (action: string, places: readonly string[]) =>
    places.map((place) => `s3:${action} ModelsBucket /${place}`);
  const listed = JSON.stringify({ StringLikeIfExists: { 's3:prefix': [...counts, changes] } });
  return [
    ...to('PutObject', [...aliases, changes, ...counts]),
    ...to('GetObject', [changes, ...counts]),
    ...to('DeleteObject', counts),
    `s3:ListBucket ModelsBucket ${listed}`,
  ];
}
