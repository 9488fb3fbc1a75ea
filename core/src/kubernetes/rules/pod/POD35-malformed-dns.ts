import { isIpAddress } from '#core/kubernetes/ip.ts';
import { checkDnsSubdomain, checkSearchDomain, type NameCheck } from '#core/kubernetes/names.ts';
import { isMissing, reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** What name resolution in libc can take. */
const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

const checkIp: NameCheck = (text) => (isIpAddress(text) ? undefined : 'is no IP address');

/** Searched domains may be `.` and have "_" since Kubernetes 1.33. */
const checkSearch: NameCheck = (text) => (text === '.' ? undefined : checkSearchDomain(text.replace(/\.$/, '')));
const checkOlderSearch: NameCheck = (text) => checkDnsSubdomain(text.replace(/\.$/, ''));

export const malformedDns: PodRule = {
  id: 'POD35',
  title: 'dnsConfig or hostAliases are malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodDNSConfig and ValidateHostAliases, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `dnsConfig becomes the resolv.conf of the containers and hostAliases their hosts file. Name servers and aliases are IP addresses,
never names: at most ${MAX_SERVERS} servers, ${MAX_SEARCHES} searched domains and ${MAX_SEARCH_CHARACTERS} characters of them, which is what name resolution can take.`,
  subject: 'pod',
  check: (pod, report) => {
    checkConfig(pod, report);
    for (const alias of pod.spec.field('hostAliases').items) {
      reportMissing(alias.field('ip'), 'address', report, 'invalid');
      reportMalformed(alias.field('ip'), 'address', checkIp, report);
      for (const name of alias.field('hostnames').items) {
        reportMalformed(name, 'hostname', checkDnsSubdomain, report, 'checked');
      }
    }
  },
};

function checkConfig({ object, spec }: PodView, report: Report): void {
  const config = spec.field('dnsConfig');
  if (spec.field('dnsPolicy').text === 'None' && config.field('nameservers').count === 0) return; // POD34 says so.
  const [servers, searches] = [config.field('nameservers'), config.field('searches')];
  reportTooMany(servers, MAX_SERVERS, 'name servers', report);
  for (const server of servers.items) reportMalformed(server, 'name server', checkIp, report, 'checked');
  reportTooMany(searches, MAX_SEARCHES, 'searched domains', report);
  reportTooLong(searches, report);
  const check = object.isAtLeast('1.33') ? checkSearch : checkOlderSearch;
  for (const search of searches.items) reportMalformed(search, 'searched domain', check, report, 'checked');
  for (const option of config.field('options').items) {
    if (!isMissing(option.field('name'))) continue;
    report({ at: option, cause: 'required', message: 'This option of dnsConfig has no name.' });
  }
}

function reportTooMany(list: NodeView, limit: number, what: string, report: Report): void {
  const { length } = list.items;
  if (length <= limit || list.isOpen) return;
  report({ at: list, cause: 'invalid', message: `There are ${length} ${what}; at most ${limit} are allowed.` });
}

function reportTooLong(searches: NodeView, report: Report): void {
  const { length } = searches.items.map(({ text }) => text ?? '').join(' ');
  if (length <= MAX_SEARCH_CHARACTERS || searches.items.length > MAX_SEARCHES || searches.isOpen) return;
  const message = `The searched domains have ${length} characters together; at most ${MAX_SEARCH_CHARACTERS} are allowed.`;
  report({ at: searches, cause: 'invalid', message });
}
