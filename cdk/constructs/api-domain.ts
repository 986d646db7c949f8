import { BasePathMapping, DomainName, EndpointType, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { InferenceApi } from './inference-api.ts';

export interface ApiDomainProps {
  /** The name, such as `models.example.com`. */
  readonly domainName: string;
  /** Certificate for the name, of the API's own region. */
  readonly certificate: ICertificate;
  /** Zone to write the name in. @default none: the name is pointed at `target` by hand */
  readonly hostedZone?: IHostedZone | undefined;
}

/** A name of one's own for APIs. */
export class ApiDomain extends Construct {
  readonly domain: DomainName;

  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    this.domain = new DomainName(this, 'Domain', {
      domainName: props.domainName,
      certificate: props.certificate,
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    if (props.hostedZone)
      new ARecord(this, 'Record', {
        zone: props.hostedZone,
        recordName: `${props.domainName}.`,
        target: RecordTarget.fromAlias(new ApiGatewayDomain(this.domain)),
      });
  }

  /** What the name has to point at. */
  get target(): string {
    return this.domain.domainNameAliasDomainName;
  }

  /** Serves an API under the name: at its root, or under a base path, which the functions see before the path. */
  serve(api: InferenceApi, basePath?: string): void {
    new BasePathMapping(this, `${api.node.id}Mapping`, {
      domainName: this.domain,
      restApi: api.api,
      stage: api.api.deploymentStage,
      ...(basePath && { basePath }),
    });
  }
}
