import { checkDnsLabel, checkDnsSubdomain, type NameCheck } from '#core/kubernetes/names.ts';
import { reportMalformed } from '#core/kubernetes/rules/fields.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';

interface NameField {
  readonly what: string;
  readonly check: NameCheck;
  /** The controller of StatefulSets sets it, so nobody looks at what the template says. */
  readonly setByStatefulSets?: true;
  /** The field has no "not given" but its absence, so the empty text is looked at. */
  readonly checkedWhenEmpty?: true;
}

const NAMES: Readonly<Record<string, NameField>> = {
  hostname: { what: 'hostname', check: checkDnsLabel, setByStatefulSets: true },
  subdomain: { what: 'subdomain', check: checkDnsLabel, setByStatefulSets: true },
  serviceAccountName: { what: 'name of the service account', check: checkDnsSubdomain },
  nodeName: { what: 'name of the node', check: checkDnsSubdomain },
  priorityClassName: { what: 'name of the priority class', check: checkDnsSubdomain },
  runtimeClassName: { what: 'name of the runtime class', check: checkDnsSubdomain, checkedWhenEmpty: true },
};

export const malformedName: PodRule = {
  id: 'POD33',
  title: 'A name in the pod spec is malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidatePodSpec, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `Service accounts, nodes, priority classes and runtime classes are objects, so their names are lower-case subdomains; hostname and
subdomain become parts of a DNS name and are labels of at most 63 characters. In a StatefulSet hostname and subdomain are not looked at:
every pod gets its own name and the name of the Service in their place.`,
  subject: 'pod',
  check: ({ object, spec }, report) => {
    const isStatefulSet = object.groupKind === 'apps/StatefulSet';
    for (const [name, { what, check, setByStatefulSets, checkedWhenEmpty }] of Object.entries(NAMES)) {
      if (isStatefulSet && setByStatefulSets) continue;
      reportMalformed(spec.field(name), what, check, report, checkedWhenEmpty ? 'checked' : 'skipped');
    }
  },
};
