/**
 * The media type that a `cty` header means: without 'application/' where that leaves no '/'. JSON where there is none.
 * Source: RFC 7516, section 4.1.12.
 */
export function mediaTypeOf(cty: unknown): string {
  if (typeof cty !== 'string' || cty === '') return 'application/json';
  return cty.includes('/') ? cty : `application/${cty}`;
}
