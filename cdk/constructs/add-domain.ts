import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { DomainSettings } from '../stage-settings.ts';
import { ApiDomain } from './api-domain.ts';
import type { InferenceApi } from './inference-api.ts';

/** Gives APIs a name of one's own: the first at its root, a second one under `/signed`. */
export function addDomain(
  scope: Construct,
  { name, certificateArn, hostedZone }: DomainSettings,
  apis: readonly InferenceApi[],
): ApiDomain {
  const domain = new ApiDomain(scope, 'Domain', {
    domainName: name,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
    ...(hostedZone && {
      hostedZone: HostedZone.fromHostedZoneAttributes(scope, 'Zone', {
        hostedZoneId: hostedZone.id,
        zoneName: hostedZone.name,
      }),
    }),
  });
  for (const [i, api] of apis.entries()) domain.serve(api, i === 0 ? undefined : 'signed');
  return domain;
}
