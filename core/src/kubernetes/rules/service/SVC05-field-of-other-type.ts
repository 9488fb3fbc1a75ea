import { portsOf, typeOf } from '#core/kubernetes/rules/service/serviceView.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';

export const fieldOfOtherType: ObjectRule = {
  id: 'SVC05',
  title: 'A Service has a setting of another type',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateService, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A ClusterIP is reached from inside the cluster, a NodePort through every node, a LoadBalancer through an address of the cloud. What sets
up a way in that the type does not have is refused, most often because only the type was changed.`,
  subject: 'object',
  kinds: ['/Service'],
  check: (object, report) => {
    const type = typeOf(object);
    if (type === undefined) return;
    if (type === 'ClusterIP') reportNodePorts(object, report);
    if (type !== 'LoadBalancer') reportBalancer(object, type, report);
    reportTraffic(object, type, report);
  },
};

function reportNodePorts(object: ObjectView, report: Report): void {
  for (const port of portsOf(object)) {
    const at = port.field('nodePort');
    const { integer } = at;
    if (integer === undefined || integer === 0) continue;
    report({ at, cause: 'forbidden', message: 'A Service of type ClusterIP has no node ports.' });
  }
}

/** Fields that only a load balancer has, and how the server spells them. */
const BALANCER_FIELDS: Readonly<Record<string, string>> = {
  loadBalancerSourceRanges: 'LoadBalancerSourceRanges',
  allocateLoadBalancerNodePorts: 'allocateLoadBalancerNodePorts',
  loadBalancerClass: 'loadBalancerClass',
};

function reportBalancer({ spec }: ObjectView, type: string, report: Report): void {
  for (const [field, shown] of Object.entries(BALANCER_FIELDS)) {
    const at = spec.field(field);
    if (!at.isPresent || at.count === 0) continue;
    const message = `${field} is for Services of type LoadBalancer, and this one is of type ${type}.`;
    report({ at, cause: 'forbidden', message, path: `${spec.path}.${shown}` });
  }
}

/** Traffic that comes from outside needs a way in; health checks of nodes need a load balancer that asks for them. */
function reportTraffic({ spec }: ObjectView, type: string, report: Report): void {
  const policy = spec.field('externalTrafficPolicy');
  const health = spec.field('healthCheckNodePort');
  const isReachable = type === 'NodePort' || type === 'LoadBalancer' || spec.field('externalIPs').isPresent;
  if (!isReachable && policy.text !== undefined && policy.text !== '' && policy.isPresent) {
    const message = `externalTrafficPolicy is for Services that are reached from outside, and this one is of type ${type}.`;
    report({ at: policy, cause: 'invalid', message });
  }
  const isAsked = type === 'LoadBalancer' && (policy.text === 'Local' || policy.isUnknown);
  if (isAsked || health.integer === undefined || health.integer === 0) return;
  const message = 'healthCheckNodePort is for Services of type LoadBalancer with externalTrafficPolicy: Local.';
  report({ at: health, cause: 'invalid', message });
}
