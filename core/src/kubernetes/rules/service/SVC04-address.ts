import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { isMissing, reportMalformed } from '#core/kubernetes/rules/fields.ts';
import { isHeadless, isMisspelledNone, typeOf } from '#core/kubernetes/rules/service/serviceView.ts';
import type { Fix } from '#core/lint/finding.ts';
import { replaceScalar } from '#core/lint/fixes/edits.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const address: ObjectRule = {
  id: 'SVC04',
  title: 'The address of a Service does not go with its type',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateService, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `\`clusterIP: None\` makes a Service headless: DNS answers with the pods themselves, so nothing is there that a node port or a load balancer
could lead to. ExternalName is an alias in DNS: it needs the name, and has no address in the cluster.`,
  subject: 'object',
  kinds: ['/Service'],
  check: (object, report) => {
    const type = typeOf(object);
    reportMisspelled(object, report);
    if (type === 'ExternalName') reportExternalName(object, report);
    if ((type !== 'NodePort' && type !== 'LoadBalancer') || isHeadless(object) !== true) return;
    const message = `A Service of type ${type} cannot be headless.`;
    report({ at: object.spec.field('clusterIP'), cause: 'invalid', message, path: addressPath(object) });
  },
};

/** The server looks at the list that it makes of the address. */
function addressPath({ spec }: ObjectView): string {
  return `${spec.path}.clusterIPs[0]`;
}

function reportMisspelled(object: ObjectView, report: Report): void {
  const at = object.spec.field('clusterIP');
  const { content } = at;
  if (!isMisspelledNone(at) || content?.kind !== 'scalar') return;
  const message = `${quoteText(content.text)} is no address; a headless Service has clusterIP: None, with a capital letter.`;
  const fixes = (): readonly Fix[] => [replaceScalar(content, 'None', 'Change to None')];
  report({ at, cause: 'invalid', message, path: addressPath(object), fixes });
}

/** What an ExternalName must not have, and where the server reports it. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  clusterIPs: 'clusterIPs',
  clusterIP: 'clusterIPs',
  ipFamilies: 'ipFamilies',
  ipFamilyPolicy: 'ipFamilyPolicy',
};

function reportExternalName({ spec }: ObjectView, report: Report): void {
  const name = spec.field('externalName');
  if (isMissing(name)) {
    report({ at: name, cause: 'required', message: 'A Service of type ExternalName has no externalName.' });
  }
  reportMalformed(name, 'external name', (text) => checkDnsSubdomain(text.replace(/\.$/, '')), report);
  const told = new Set<string>();
  for (const [field, shown] of Object.entries(FORBIDDEN)) {
    const view = spec.field(field);
    const isEmpty = view.text === '' || view.count === 0;
    if (!view.isPresent || isEmpty || told.has(shown)) continue;
    told.add(shown);
    const message = `A Service of type ExternalName cannot have ${field}.`;
    report({ at: view, cause: 'forbidden', message, path: `${spec.path}.${shown}` });
  }
}
