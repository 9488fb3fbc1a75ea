import { checkDnsLabel } from '#core/kubernetes/names.ts';
import { isEmptyText } from '#core/kubernetes/rules/container/emptyText.ts';
import { tellNames } from '#core/kubernetes/rules/container/namesThere.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { PodRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { quoteText } from '#core/lint/structure/describe.ts';

export const resourceClaim: PodRule = {
  id: 'POD26',
  title: 'A container names a resource claim that the pod does not have, or one twice',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation validateResourceClaimNames, 1.34',
  since: '1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A claim stands in \`spec.resourceClaims\` of the pod and is handed to containers by its name there, whole or one request of it. Older servers
drop the field unless dynamic resource allocation is turned on.`,
  subject: 'pod',
  check: (pod, report) => {
    const known = knownClaims(pod);
    for (const { view } of pod.containers) {
      const taken: string[] = [];
      for (const claim of view.at('resources', 'claims').items) checkClaim(claim, known, taken, report);
    }
  },
};

function checkClaim(claim: NodeView, known: readonly string[] | undefined, taken: string[], report: Report): void {
  const name = claim.field('name');
  const { text } = name;
  const at = { at: name, path: claim.path };
  if (isEmptyText(name)) report({ ...at, cause: 'required', message: 'The name of this resource claim is empty.' });
  if (text === undefined || text === '') return;
  const request = claim.field('request').isAbsent ? '' : claim.field('request').text;
  if (request !== undefined && isTaken(taken, text, request)) {
    const message = `The resource claim ${quoteText(text)} stands twice in this container.`;
    report({ ...at, cause: 'duplicate', message });
  } else if (known && !known.includes(text)) {
    report({
      ...at,
      cause: 'notFound',
      message: `${quoteText(text)} is no resource claim of this pod. ${tellNames(known)}`,
    });
  }
  if (request !== undefined) taken.push(`${text}/${request}`);
  const problem = request ? checkDnsLabel(request) : undefined;
  if (!request || problem === undefined) return;
  report({ at: claim.field('request'), cause: 'invalid', message: `The request ${quoteText(request)} ${problem}.` });
}

/** The whole claim clashes with each request of it. */
function isTaken(taken: readonly string[], name: string, request: string): boolean {
  if (request === '') return taken.some((other) => other.startsWith(`${name}/`));
  return taken.includes(`${name}/`) || taken.includes(`${name}/${request}`);
}

/** Names of the pod's claims; undefined when there may be others. */
function knownClaims({ spec }: PodView): readonly string[] | undefined {
  const claims = spec.field('resourceClaims');
  if (spec.isOpen || claims.isOpen) return undefined;
  const names = claims.items.map((claim) => claim.field('name').text);
  return names.every((name) => name !== undefined) ? names : undefined;
}
