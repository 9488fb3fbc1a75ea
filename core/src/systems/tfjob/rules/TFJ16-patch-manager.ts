import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import { TRAINJOB } from '#core/systems/tfjob/rules/trainJob.ts';

export const patchManager: ObjectRule = {
  id: 'TFJ16',
  title: 'The manager of a runtime patch has no domain',
  severity: 'error',
  source: 'trainer 2.3 Validate of the jobset plugin; k8s.io/apimachinery IsDomainPrefixedPath',
  fixable: false,
  refusedBy: 'nobody',
  why: `Every patch says who made it, so that several can patch one job without losing each other's changes. The name has a domain in front and a
path behind a slash: \`ml.example.com/team-defaults\`.`,
  subject: 'object',
  kinds: [TRAINJOB],
  check: ({ spec }, report) => {
    for (const patch of spec.field('runtimePatches').items) {
      const view = patch.field('manager');
      const { text } = view;
      if (text === undefined || text === '' || isDomainPrefixedPath(text)) continue;
      report({
        at: view,
        cause: 'invalid',
        message: `${quoteText(text)} is no domain with a path, such as example.com/team. The webhook of Kubeflow Trainer refuses the TrainJob.`,
      });
    }
  },
};

function isDomainPrefixedPath(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 1) return false;
  return (
    checkDnsSubdomain(text.slice(0, slash)) === undefined &&
    /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(text.slice(slash + 1))
  );
}
