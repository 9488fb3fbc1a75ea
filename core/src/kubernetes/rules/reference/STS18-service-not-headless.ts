import type { RelatedObject, WorkspaceRule } from '#core/lint/rules/rule.ts';
import { governingService, isNotHeadless } from '#core/workspace/governingService.ts';

export const serviceNotHeadless: WorkspaceRule = {
  id: 'STS18',
  title: 'The Service of a StatefulSet is not headless',
  severity: 'warning',
  source:
    'Kubernetes DNS specification 1.1 (records of headless Services); documentation of StatefulSet, stable network identity',
  fixable: false,
  refusedBy: 'nobody',
  why: `The pods of a StatefulSet get names of their own, \`db-0.db\`, only below a headless Service, one with \`clusterIP: None\`. Below any other
Service those names do not resolve, and members that look for each other by name do not find each other. \`serviceName\` cannot be changed later,
and neither can \`clusterIP\`.`,
  subject: 'workspace',
  kinds: ['apps/StatefulSet'],
  check: (object, workspace, report) => {
    const found = governingService(workspace);
    if (!found || !found.services.every(isNotHeadless)) return;
    const { path, range, name } = found.reference;
    report({
      at: object.root,
      path,
      range,
      cause: 'invalid',
      message: `The Service ${name} is not headless, so the pods get no DNS names of their own. Give it clusterIP: None, or name one that has it.`,
      related: found.services.map((service): RelatedObject => ({ object: service, message: `The Service ${name}` })),
    });
  },
};
