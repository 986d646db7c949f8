import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { InferenceApi } from './inference-api.ts';

export interface ApiFirewallProps {
  /** Requests that one address may send in five minutes. @default 10000 */
  readonly requestsPerFiveMinutes?: number | undefined;
}

/**
 * Rules that read bodies, or ask for what only browsers send, count and do not block: a tensor may hold any bytes, a
 * text to be judged any words, and a program need not name itself.
 */
const countedRules = [
  'NoUserAgent_HEADER',
  'SizeRestrictions_BODY',
  'EC2MetaDataSSRF_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'CrossSiteScripting_BODY',
];

/** A web application firewall: AWS's common rules, known bad addresses, and a limit for each address. */
export class ApiFirewall extends Construct {
  readonly webAcl: CfnWebACL;

  constructor(scope: Construct, id: string, props: ApiFirewallProps = {}) {
    super(scope, id);
    this.webAcl = new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('Firewall'),
      rules: [
        {
          name: 'RateLimit',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: {
            rateBasedStatement: { aggregateKeyType: 'IP', limit: props.requestsPerFiveMinutes ?? 10_000 },
          },
          visibilityConfig: visibility('RateLimit'),
        },
        managedRules(1, 'AWSManagedRulesAmazonIpReputationList', []),
        managedRules(2, 'AWSManagedRulesCommonRuleSet', countedRules),
      ],
    });
  }

  /** Puts an API behind the firewall. */
  protect(api: InferenceApi): void {
    new CfnWebACLAssociation(this, `${api.node.id}Association`, {
      resourceArn: api.api.deploymentStage.stageArn,
      webAclArn: this.webAcl.attrArn,
    });
  }
}

function managedRules(priority: number, name: string, counted: readonly string[]): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
