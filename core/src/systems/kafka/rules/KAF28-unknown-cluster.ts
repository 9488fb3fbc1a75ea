import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import { CLUSTER_LABEL, STRIMZI_GROUP } from '#core/systems/kafka/nodePools.ts';

/** What becomes of an object whose cluster is not there. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  KafkaNodePool: 'Strimzi makes no nodes for the pool.',
  KafkaTopic: 'No topic operator makes the topic.',
  KafkaUser: 'No user operator makes the user.',
  KafkaConnector: 'No Connect cluster runs the connector.',
};

export const unknownCluster: WorkspaceRule = {
  id: 'KAF28',
  title: 'The label names a cluster that is not there',
  severity: 'warning',
  source: 'Strimzi 1.2 Labels.STRIMZI_CLUSTER_LABEL; topic and user operators, which watch the label of their cluster',
  fixable: false,
  refusedBy: 'nobody',
  why: `Node pools, topics, users and connectors belong to the cluster that the label \`strimzi.io/cluster\` names. Whatever else stands
there, the object is accepted and nobody acts on it. It is reported only when other clusters are applied together with the object.`,
  subject: 'workspace',
  kinds: Object.keys(CONSEQUENCES).map((kind) => `${STRIMZI_GROUP}/${kind}`),
  inPlaceOf: ['REF01'],
  check: (object, workspace, report) => {
    const label = object.metadata.at('labels', CLUSTER_LABEL);
    const { text } = label;
    if (text === undefined) return;
    const kind = object.kind.kind === 'KafkaConnector' ? 'KafkaConnect' : 'Kafka';
    const isStrimzi = ({ group }: { readonly group: string }): boolean => group === STRIMZI_GROUP;
    const near = workspace.inScope(kind).filter(isStrimzi);
    if (near.length === 0 || workspace.exists(kind, text) || !workspace.isCertain(kind)) return;
    const names = near.map(({ name }) => name).join(', ');
    report({
      at: label,
      cause: 'notFound',
      message: `There is no ${kind} "${text}" in the workspace; beside it there is ${names}. ${CONSEQUENCES[object.kind.kind] ?? ''}`,
      related: near.map((cluster) => ({ object: cluster, message: `The ${kind} ${cluster.name}` })),
    });
  },
};
