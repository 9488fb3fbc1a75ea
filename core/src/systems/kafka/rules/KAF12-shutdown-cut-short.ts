import type { NodeView } from '#core/lint/rules/view.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';

/** Seconds that a controlled shutdown usually needs at least. */
const LEAST_GRACE = 60;

export const shutdownCutShort: ObjectRule = {
  id: 'KAF12',
  title: 'Brokers get too little time to stop, or too many may stop at once',
  severity: 'warning',
  source: 'Kafka 4.3 BrokerServer.shutdown (up to 5 minutes); Strimzi documentation of podDisruptionBudget',
  fixable: false,
  refusedBy: 'nobody',
  why: `A broker that stops hands its partitions to others first and then closes its logs. If it is killed in the middle, clients see partitions
without a leader, and the next start reads all logs again. Give it at least a minute, better two to five. With two of three replicas
needed for a write, one broker may be away at a time, so let a drain of nodes take no more than one.`,
  subject: 'object',
  check: (object, report) => {
    for (const grace of graceOf(object)) checkGrace(grace, report);
    if (object.groupKind !== 'kafka.strimzi.io/Kafka') return;
    const budget = object.spec.at('kafka', 'template', 'podDisruptionBudget', 'maxUnavailable');
    const count = budget.isPresent ? budget.integer : undefined;
    if (count === undefined || count < 2) return;
    const message = `${count} brokers may be taken down at the same time. Partitions with copies on them are then short of in-sync replicas.`;
    report({ at: budget, cause: 'invalid', message });
  },
};

function graceOf(object: ObjectView): readonly NodeView[] {
  const { groupKind, spec } = object;
  const field = 'terminationGracePeriodSeconds';
  if (groupKind === 'kafka.strimzi.io/KafkaNodePool') return [spec.at('template', 'pod', field)];
  if (groupKind === 'kafka.strimzi.io/Kafka') return [spec.at('kafka', 'template', 'pod', field)];
  return viewBrokers(object).flatMap(({ workload }) => (workload ? [workload.pod.spec.field(field)] : []));
}

function checkGrace(grace: NodeView, report: Report): void {
  const seconds = grace.isPresent ? grace.integer : undefined;
  if (seconds === undefined || seconds >= LEAST_GRACE || seconds < 0) return;
  const message = `A broker has ${seconds} seconds to stop. It may be killed while it still hands over its partitions, and then reads all its logs at the next start. Give it 120 or more.`;
  report({ at: grace, cause: 'invalid', message });
}
