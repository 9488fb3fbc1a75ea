import type { Severity } from '#core/lint/finding.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

interface Consequence {
  readonly message: string;
  readonly severity?: Severity;
}

/** What becomes of an object that names no cluster. Who runs only the operator for topics or users may choose by other labels. */
const KINDS: Readonly<Record<string, Consequence>> = {
  'kafka.strimzi.io/KafkaNodePool': { message: 'Strimzi makes no nodes for the pool.' },
  'kafka.strimzi.io/KafkaRebalance': { message: 'Strimzi sets the condition to NotReady and moves nothing.' },
  'kafka.strimzi.io/KafkaConnector': { message: 'No Connect cluster runs the connector.' },
  'kafka.strimzi.io/KafkaTopic': { message: 'The topic operator of a cluster passes it over.', severity: 'warning' },
  'kafka.strimzi.io/KafkaUser': { message: 'The user operator of a cluster passes it over.', severity: 'warning' },
};

export const noClusterLabel: ObjectRule = {
  id: 'KAF21',
  title: 'The label that names the cluster is missing',
  severity: 'error',
  source:
    'Strimzi 1.2 Labels.STRIMZI_CLUSTER_LABEL: KafkaReconciler, KafkaRebalanceAssemblyOperator, KafkaConnectAssemblyOperator',
  fixable: false,
  refusedBy: 'nobody',
  why: `Node pools, topics, users, connectors and rebalances say with the label \`strimzi.io/cluster\` which cluster they belong to. Without it they
are accepted by the API server and nothing happens, mostly without any message.`,
  subject: 'object',
  kinds: Object.keys(KINDS),
  check: ({ groupKind, metadata }, report) => {
    const consequence = KINDS[groupKind];
    const label = metadata.at('labels', 'strimzi.io/cluster');
    if (!consequence || !label.isAbsent || metadata.isAbsent) return;
    const { severity } = consequence;
    const message = `The label strimzi.io/cluster is missing, so it belongs to no cluster. ${consequence.message}`;
    report({ at: label, cause: 'required', message, ...(severity ? { severity } : {}) });
  },
};
