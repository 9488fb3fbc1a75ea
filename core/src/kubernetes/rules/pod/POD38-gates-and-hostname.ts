import { checkDnsSubdomain, checkQualifiedName } from '#core/kubernetes/names.ts';
import { repetitions, reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

/** First minor whose server keeps hostnameOverride; earlier ones drop it silently. */
const HOSTNAME_OVERRIDE = '1.35';

export const gatesAndHostname: PodRule = {
  id: 'POD38',
  title: 'A readiness gate, a scheduling gate or the hostname override of the pod is wrong',
  severity: 'error',
  source:
    'k8s.io/kubernetes pkg/apis/core/validation validateReadinessGates, validateSchedulingGates, validatePodHostName, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Gates are named like labels, with an optional domain and "/" before the name, and a scheduling gate stands once. A pod that still
has scheduling gates cannot name its node. hostnameOverride, from Kubernetes ${HOSTNAME_OVERRIDE} on, takes the place of every other hostname, so it does
not go together with setHostnameAsFQDN or the network of the node.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const gate of pod.spec.field('readinessGates').items) {
      const type = gate.field('conditionType');
      reportMissing(type, 'condition of the readiness gate', report, 'invalid');
      reportMalformed(type, 'readiness gate', checkQualifiedName, report);
    }
    checkSchedulingGates(pod, report);
    if (pod.object.isAtLeast(HOSTNAME_OVERRIDE)) checkOverride(pod, report);
  },
};

function checkSchedulingGates({ spec, isTemplate }: PodView, report: Report): void {
  const gates = spec.field('schedulingGates').items;
  for (const gate of gates) {
    const atItem: Report = (hit) => report({ ...hit, path: gate.path });
    reportMissing(gate.field('name'), 'name of the scheduling gate', atItem, 'invalid');
    reportMalformed(gate.field('name'), 'scheduling gate', checkQualifiedName, atItem);
  }
  for (const [gate, earlier] of repetitions(gates, (item) => item.field('name').text)) {
    report({
      at: gate.field('name'),
      path: gate.path,
      cause: 'duplicate',
      message: `The scheduling gate ${quoteText(gate.field('name').text ?? '')} stands twice.`,
      related: [{ at: earlier, message: 'It stands here before' }],
    });
  }
  const nodeName = spec.field('nodeName');
  if (isTemplate || spec.isOpen || gates.length === 0 || nodeName.text === undefined || nodeName.text === '') return;
  const message = 'A node is named here, but the pod has scheduling gates, which keep it from every node.';
  report({ at: nodeName, cause: 'forbidden', message });
}

/** Fields that cannot be true beside hostnameOverride. */
const OTHER_HOSTNAMES = ['setHostnameAsFQDN', 'hostNetwork'];

function checkOverride({ spec }: PodView, report: Report): void {
  const at = spec.field('hostnameOverride');
  const { text } = at;
  if (text === undefined) return;
  const other = OTHER_HOSTNAMES.map((name) => spec.field(name)).find((field) => field.boolean === true);
  if (other && !spec.isOpen) {
    const message = `hostnameOverride is given, but ${String(other.step)} is true, which decides on the hostname too.`;
    report({ at, cause: 'forbidden', message, related: [{ at: other, message: 'The other one' }] });
  } else if (text.length > 64) {
    report({ at, cause: 'tooLong', message: `The hostname has ${text.length} characters; at most 64 are allowed.` });
  } else reportMalformed(at, 'hostname', checkDnsSubdomain, report, 'checked');
}
