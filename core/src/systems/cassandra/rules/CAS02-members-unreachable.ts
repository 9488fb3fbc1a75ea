import type { RelatedObject, WorkspaceRule } from '#core/lint/rules/rule.ts';
import { membersOf } from '#core/systems/cassandra/rules/members.ts';
import { readSeeds } from '#core/systems/cassandra/rules/seeds.ts';
import {
  governingService,
  isHeadless,
  isNotHeadless,
  type GoverningService,
} from '#core/workspace/governingService.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';

export const membersUnreachable: WorkspaceRule = {
  id: 'CAS02',
  title: 'The Service of the ring does not lead to its members',
  severity: 'error',
  source:
    'Kubernetes DNS specification 1.1; Apache Cassandra SimpleSeedProvider (unknown hosts are skipped; without any the node ends); Services of cass-operator 1.32, CassKop 2.3 and instaclustr (publishNotReadyAddresses)',
  fixable: false,
  refusedBy: 'nobody',
  why: `Members find each other by names such as \`cassandra-0.cassandra\`, and those exist only below a headless Service. A pod that is not ready
is left out of them unless the Service says \`publishNotReadyAddresses: true\`, so seeds cannot be found exactly while they start,
which is when they are needed. Operators of Cassandra all set it.`,
  subject: 'workspace',
  kinds: ['apps/StatefulSet'],
  inPlaceOf: ['STS18'],
  check: (object, workspace, report) => {
    const [member] = membersOf(object);
    const governing = member && governingService(workspace);
    if (!governing) return;
    const targets = readSeeds(member)?.seeds.map(({ target }) => target.kind) ?? [];
    const needsNames = targets.length > 0 && targets.every((target) => target === 'member');
    const { reference, services } = governing;
    const { path, range, name } = reference;
    const place = { at: object.root, path, range, cause: 'invalid' } as const;
    if (services.every(isNotHeadless)) {
      report({
        ...place,
        severity: needsNames ? 'error' : 'warning',
        message: `The Service ${name} is not headless, so the members have no names of their own. ${needsNames ? 'No seed can be found, and no member starts.' : 'They cannot look for each other by name.'} Give it clusterIP: None.`,
        related: relatedTo(governing),
      });
    } else if (needsNames && services.every(hidesStarting)) {
      report({
        ...place,
        severity: 'hint',
        message: `The Service ${name} shows members only when they are ready, so seeds cannot be found while they start. Give it publishNotReadyAddresses: true.`,
        related: relatedTo(governing),
      });
    }
  },
};

function hidesStarting(service: IndexedObject): boolean {
  const published = service.values['spec.publishNotReadyAddresses'] ?? 'false';
  const isAnnotated = service.annotations.includes('service.alpha.kubernetes.io/tolerate-unready-endpoints');
  return isHeadless(service) && published === 'false' && !isAnnotated;
}

function relatedTo({ services }: GoverningService): readonly RelatedObject[] {
  return services.map((service) => ({ object: service, message: `The Service ${service.name}` }));
}
