import { reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import { containerContexts } from '#core/kubernetes/rules/security/contexts.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Fields of the pod's context that no default replaces when they are empty, and that the schema lists no values for. */
const POD_MODES: Readonly<Record<string, readonly string[]>> = {
  fsGroupChangePolicy: ['Always', 'OnRootMismatch'],
  supplementalGroupsPolicy: ['Merge', 'Strict'],
  seLinuxChangePolicy: ['MountOption', 'Recursive'],
};

/** First minor whose server keeps the field; earlier ones drop it. */
const KEPT_SINCE: Readonly<Record<string, string>> = { supplementalGroupsPolicy: '1.33', seLinuxChangePolicy: '1.33' };

export const securityModes: PodRule = {
  id: 'SEC04',
  title: 'A mode of a security context is not supported',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validatePodSpecSecurityContext and ValidateProcMountType, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `fsGroupChangePolicy, supplementalGroupsPolicy, seLinuxChangePolicy and procMount have two values each, and empty is none of them.
procMount Unmasked shows the container all of /proc, so it is for pods with users of their own only (hostUsers false).`,
  subject: 'pod',
  check: (pod, report) => {
    const context = pod.spec.field('securityContext');
    for (const [name, values] of Object.entries(POD_MODES)) {
      if (pod.object.isAtLeast(KEPT_SINCE[name] ?? '1.0')) reportUnsupported(context.field(name), name, values, report);
    }
    for (const container of containerContexts(pod)) checkProcMount(container.field('procMount'), pod.spec, report);
  },
};

function checkProcMount(procMount: NodeView, spec: NodeView, report: Report): void {
  const hostUsers = spec.field('hostUsers');
  if (procMount.text === '') reportUnsupported(procMount, 'procMount', ['Default', 'Unmasked'], report);
  if (procMount.text !== 'Unmasked' || !(hostUsers.isAbsent || (hostUsers.boolean === true && !spec.isOpen))) return;
  const message = 'procMount is Unmasked, which is for pods with users of their own only, but hostUsers is not false.';
  report({ at: procMount, cause: 'invalid', message });
}
