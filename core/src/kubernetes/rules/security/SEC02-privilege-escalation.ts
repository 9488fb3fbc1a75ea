import { containerContexts } from '#core/kubernetes/rules/security/contexts.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

export const privilegeEscalation: PodRule = {
  id: 'SEC02',
  title: 'Privilege escalation is off in a container that has every privilege',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateSecurityContext, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `allowPrivilegeEscalation false promises that no process gets more rights than its parent, which cannot hold in a privileged container or
one with CAP_SYS_ADMIN. Decide for one of the two; database containers seldom need either privilege.`,
  subject: 'pod',
  check: (pod, report) => {
    for (const context of containerContexts(pod)) {
      if (context.field('allowPrivilegeEscalation').boolean === false) checkContext(context, report);
    }
  },
};

function checkContext(context: NodeView, report: Report): void {
  const escalation = context.field('allowPrivilegeEscalation');
  const privileged = context.field('privileged');
  // Only this spelling is known to the server; without CAP_ it passes.
  const admin = context.at('capabilities', 'add').items.find(({ text }) => text === 'CAP_SYS_ADMIN');
  const other = privileged.boolean === true ? privileged : admin;
  if (!other || context.isOpen) return;
  const has = other === privileged ? 'the container is privileged' : 'the container gets CAP_SYS_ADMIN';
  report({
    at: escalation,
    path: context.path,
    cause: 'invalid',
    message: `allowPrivilegeEscalation is false, but ${has}, which allows it.`,
    related: [{ at: other, message: 'The privilege' }],
  });
}
