import { malformedName } from '#core/kubernetes/rules/pod/POD33-malformed-name.ts';
import { dnsNoneWithoutServers } from '#core/kubernetes/rules/pod/POD34-dns-none-without-servers.ts';
import { malformedDns } from '#core/kubernetes/rules/pod/POD35-malformed-dns.ts';
import { malformedLabels } from '#core/kubernetes/rules/pod/POD36-malformed-labels.ts';
import { hostUsersFalse } from '#core/kubernetes/rules/pod/POD37-host-users-false.ts';
import { gatesAndHostname } from '#core/kubernetes/rules/pod/POD38-gates-and-hostname.ts';
import { warnedAbout } from '#core/kubernetes/rules/pod/WRN04-warned-about.ts';
import type { Rule } from '#core/lint/rules/rule.ts';

/** Rules about what a pod says beside its containers and volumes. */
export const podRules: readonly Rule[] = [
  malformedName,
  dnsNoneWithoutServers,
  malformedDns,
  malformedLabels,
  hostUsersFalse,
  gatesAndHostname,
  warnedAbout,
];
