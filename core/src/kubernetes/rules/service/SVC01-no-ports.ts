import { isHeadless, typeOf } from '#core/kubernetes/rules/service/serviceView.ts';
import { hasUnknownKey } from '#core/kubernetes/rules/fields.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const noPorts: ObjectRule = {
  id: 'SVC01',
  title: 'A Service has no ports',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/core/validation ValidateService, 1.34',
  fixable: false,
  refusedBy: 'server',
  why: `A Service with an address of its own forwards ports, so it needs at least one. Only a headless Service (\`clusterIP: None\`) and one of
type ExternalName do without.`,
  subject: 'object',
  kinds: ['/Service'],
  check: (object, report) => {
    const ports = object.spec.field('ports');
    const type = typeOf(object);
    if (ports.count !== 0 || hasUnknownKey(object.spec)) return;
    if (type === undefined || type === 'ExternalName' || isHeadless(object) !== false) return;
    report({ at: ports, cause: 'required', message: 'The Service has no ports, and it is not headless.' });
  },
};
