import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';

export const brokersOnOneNode: ObjectRule = {
  id: 'KAF13',
  title: 'Nothing keeps the brokers on different nodes',
  severity: 'warning',
  source: 'Kubernetes documentation of inter-pod anti-affinity; Strimzi documentation, section Scheduling',
  fixable: false,
  refusedBy: 'nobody',
  why: `Three replicas help only as long as they are not lost together. Without a rule the scheduler may put all brokers on one node, and that
node takes the cluster with it. An anti-affinity on \`kubernetes.io/hostname\` or a topology spread constraint keeps them apart.`,
  subject: 'object',
  check: (object, report) => {
    if (object.groupKind !== 'apps/StatefulSet') return;
    for (const { workload } of viewBrokers(object)) {
      const replicas = workload?.replicas ?? 1;
      if (!workload || replicas < 2) continue;
      const { spec } = workload.pod;
      const isFree =
        spec.at('affinity', 'podAntiAffinity').isAbsent && spec.field('topologySpreadConstraints').isAbsent;
      if (!isFree || !spec.isPresent) continue;
      const message = `Nothing keeps the ${replicas} pods apart, so they may all run on one node and be lost with it. Add a podAntiAffinity or topologySpreadConstraints.`;
      report({ at: spec, cause: 'required', message });
    }
  },
};
