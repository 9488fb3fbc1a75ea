import type { PodRule } from '#core/lint/rules/rule.ts';

export const dnsNoneWithoutServers: PodRule = {
  id: 'POD34',
  title: 'The DNS policy is None and no name servers are given',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodDNSConfig, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `With dnsPolicy None the pod gets nothing of the DNS settings of the cluster: everything comes from dnsConfig, so at least one name
server must stand there. Most often ClusterFirst is meant, which is the default.`,
  subject: 'pod',
  check: ({ spec }, report) => {
    if (spec.field('dnsPolicy').text !== 'None') return;
    const config = spec.field('dnsConfig');
    const servers = config.field('nameservers');
    if (servers.count !== 0) return;
    const message =
      'dnsPolicy None takes nothing from the cluster, so dnsConfig must name at least one name server; there is none.';
    report({
      at: config.isAbsent ? config : servers,
      cause: 'required',
      message,
      range: spec.field('dnsPolicy').range,
    });
  },
};
