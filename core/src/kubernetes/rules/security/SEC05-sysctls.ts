import type { NameCheck } from '#core/kubernetes/names.ts';
import { repetitions, reportMalformed, reportMissing } from '#core/kubernetes/rules/fields.ts';
import type { PodRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

const SYSCTL = /^(?:[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/;

const checkSysctl: NameCheck = (name) => {
  if (name.length > 253) return `has ${name.length} characters; at most 253 are allowed`;
  return SYSCTL.test(name)
    ? undefined
    : 'must be lower-case letters, digits, "-" and "_", in parts with "." or "/" between';
};

/** Which settings belong to a namespace that the pod may share with its node. Source: k8s.io/component-helpers node/util/sysctl. */
const SHARED: readonly { readonly field: string; readonly settings: RegExp }[] = [
  { field: 'hostNetwork', settings: /^net\./ },
  {
    field: 'hostIPC',
    settings: /^(?:kernel\.(?:sem|shm|shmall|shmmax|shmmni|shm_rmid_forced|msg|msgmax|msgmnb|msgmni)$|fs\.mqueue\.)/,
  },
];

export const sysctls: PodRule = {
  id: 'SEC05',
  title: 'A sysctl is malformed, repeated, or not the own of the pod',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateSysctls, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `Sysctls of a pod are settings of the kernel that its namespaces have for themselves. With the network or the IPC of the node they would
be those of the node, so they are refused. Settings without a namespace, such as vm.max_map_count, are accepted here but no kubelet takes
them: they are set on the node.`,
  subject: 'pod',
  check: ({ spec }, report) => {
    const items = spec.at('securityContext', 'sysctls').items;
    const shared = spec.isOpen ? [] : SHARED.filter(({ field }) => spec.field(field).boolean === true);
    for (const item of items) {
      const name = item.field('name');
      const { text = '' } = name;
      reportMissing(name, 'name of the sysctl', report);
      reportMalformed(name, 'sysctl', checkSysctl, report);
      const owner = shared.find(({ settings }) => settings.test(normalizeName(text)));
      if (!owner) continue;
      const message = `The sysctl ${quoteText(text)} would be that of the node, because ${owner.field} is true.`;
      report({
        at: name,
        cause: 'invalid',
        message,
        related: [{ at: spec.field(owner.field), message: 'It is shared here' }],
      });
    }
    for (const [item, earlier] of repetitions(items, (one) => one.field('name').text)) {
      report({
        at: item.field('name'),
        cause: 'duplicate',
        message: `The sysctl ${quoteText(item.field('name').text ?? '')} stands twice.`,
        related: [{ at: earlier.field('name'), message: 'It stands here before' }],
      });
    }
  },
};

/** Names may be written with "/" between their parts, and "." in the parts. */
function normalizeName(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === '/' ? name.replaceAll(/[./]/g, (mark) => (mark === '/' ? '.' : '/')) : name;
}
