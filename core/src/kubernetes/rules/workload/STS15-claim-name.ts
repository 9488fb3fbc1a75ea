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
  if (isMissing(name) || name.parent?.isAbsent) {
    const message = 'The volume claim template has no name, so no container can mount it.';
    report({ at: name, cause: 'required', message, path });
  }
  const problem = text === undefined || text === '' ? undefined : checkDnsLabel(text);
  if (text === undefined || problem === undefined) return;
  const message = `The volume claim template is called ${quoteText(text)}, which ${problem}.`;
  report({ at: name, cause: 'invalid', message, path });
}

/** In a template the one may stand there for the other. */
function reportTaken({ object, claims, volumes }: PodView, report: Report): void {
  if (object.spec.isOpen) return;
  const names = claims.map((claim) => claim.at('metadata', 'name'));
  const warn = (at: NodeView, by: NodeView, message: string): void => {
    report({ at, severity: 'warning', cause: 'duplicate', message, related: [{ at: by, message: 'It stands here' }] });
  };
  for (const [later, earlier] of repetitions(names, ({ text }) => text)) {
    const name = quoteText(earlier.text ?? '');
    warn(earlier, later, `A later volume claim template ${name} takes the place of this one, which is not used.`);
  }
  for (const volume of volumes.map((view) => view.field('name'))) {
    const claim = volume.text === undefined ? undefined : names.find(({ text }) => text === volume.text);
    if (!claim) continue;
    const name = quoteText(volume.text ?? '');
    warn(volume, claim, `The volume claim template ${name} takes the place of this volume, which is not used.`);
  }
}
