import { checkDnsLabel } from '#core/kubernetes/names.ts';
import { isMissing, repetitions } from '#core/kubernetes/rules/fields.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const claimName: PodRule = {
  id: 'STS15',
  title: 'The name of a volume claim template is missing, malformed or taken',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateVolumes over the claims of a StatefulSet, since 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A claim template becomes a volume of its name in every pod. So its name is a DNS label, and it takes the place of a volume of the pod
template with that name, or of another claim template, without a word: what was configured there is not used.`,
  subject: 'pod',
  check: (pod, report) => {
    pod.claims.forEach((claim, index) => {
      reportName(claim.at('metadata', 'name'), `${pod.spec.path}.volumes[${index}].name`, report);
    });
    reportTaken(pod, report);
  },
};

/** The server looks at the volumes that the claims become, which stand before those of the template. */
function reportName(name: NodeView, path: string, report: Report): void {
  const { text } = name;
  if (isMissing(name)) {
    const message = 'The volume claim template has no name, so no container can mount it.';
    report({ at: name, cause: 'required', message, path });
  }
  const problem = text === undefined || text === '' ? undefined : checkDnsLabel(text);
  if (text === undefined || problem === undefined) return;
  const message = `The volume claim template is called ${quoteText(text)}, which ${problem}.`;
  report({ at: name, cause: 'invalid', message, path });
}

function reportTaken({ claims, volumes }: PodView, report: Report): void {
  const warn = (view: NodeView, earlier: NodeView, what: string): void => {
    const message = `${what} ${quoteText(view.text ?? '')} stands in the way of this one, which is not used.`;
    report({
      at: view,
      severity: 'warning',
      cause: 'duplicate',
      message,
      related: [{ at: earlier, message: 'The other' }],
    });
  };
  const names = claims.map((claim) => claim.at('metadata', 'name'));
  for (const [later, earlier] of repetitions(names, ({ text }) => text)) {
    warn(earlier, later, 'Another volume claim template');
  }
  for (const name of volumes.map((volume) => volume.field('name'))) {
    const claim = name.text === undefined ? undefined : names.find(({ text }) => text === name.text);
    if (claim) warn(name, claim, 'The volume claim template');
  }
}
