import type { Rule } from '#core/lint/rules/rule.ts';
import { moreReplicasThanBrokers } from '#core/systems/kafka/rules/KAF01-more-replicas-than-brokers.ts';
import { minIsrAboveReplicas } from '#core/systems/kafka/rules/KAF02-min-isr-above-replicas.ts';
import { replicationLeftAtOne } from '#core/systems/kafka/rules/KAF03-replication-left-at-one.ts';
import { oneBrokerThreeReplicas } from '#core/systems/kafka/rules/KAF04-one-broker-three-replicas.ts';
import { evenNumberOfVoters } from '#core/systems/kafka/rules/KAF05-even-number-of-voters.ts';
import { nodeAndVoters } from '#core/systems/kafka/rules/KAF06-node-and-voters.ts';
import { controllerListeners } from '#core/systems/kafka/rules/KAF07-controller-listeners.ts';
import { listenersDoNotFit } from '#core/systems/kafka/rules/KAF08-listeners-do-not-fit.ts';
import { identityShared } from '#core/systems/kafka/rules/KAF09-identity-shared.ts';
import { dataNotKept } from '#core/systems/kafka/rules/KAF10-data-not-kept.ts';
import { heapAndMemory } from '#core/systems/kafka/rules/KAF11-heap-and-memory.ts';
import { shutdownCutShort } from '#core/systems/kafka/rules/KAF12-shutdown-cut-short.ts';
import { brokersOnOneNode } from '#core/systems/kafka/rules/KAF13-brokers-on-one-node.ts';
import { strimziListener } from '#core/systems/kafka/rules/KAF14-strimzi-listener.ts';
import { settingOwnedByStrimzi } from '#core/systems/kafka/rules/KAF15-setting-owned-by-strimzi.ts';
import { strimziStorage } from '#core/systems/kafka/rules/KAF16-strimzi-storage.ts';
import { controllersOneByOne } from '#core/systems/kafka/rules/KAF17-controllers-one-by-one.ts';
import { noClusterLabel } from '#core/systems/kafka/rules/KAF21-no-cluster-label.ts';
import { safetySwitchedOff } from '#core/systems/kafka/rules/KAF22-safety-switched-off.ts';
import { rebalanceMode } from '#core/systems/kafka/rules/KAF23-rebalance-mode.ts';
import { ignoredBesidePools } from '#core/systems/kafka/rules/KAF24-ignored-beside-pools.ts';
import { claimsDeleted } from '#core/systems/kafka/rules/KAF25-claims-deleted.ts';
import { topicName } from '#core/systems/kafka/rules/KAF26-topic-name.ts';
import { metadataVersionBehind } from '#core/systems/kafka/rules/KAF27-metadata-version-behind.ts';
import { unknownCluster } from '#core/systems/kafka/rules/KAF28-unknown-cluster.ts';
import { noBudget } from '#core/systems/kafka/rules/KAF29-no-budget.ts';
import { poolsLackRole } from '#core/systems/kafka/rules/KAF30-pools-lack-role.ts';
import { replicasAndPools } from '#core/systems/kafka/rules/KAF31-replicas-and-pools.ts';

/** What correct means for Kafka, in the order of the catalogue. */
export const kafkaRules: readonly Rule[] = [
  moreReplicasThanBrokers,
  minIsrAboveReplicas,
  replicationLeftAtOne,
  oneBrokerThreeReplicas,
  evenNumberOfVoters,
  nodeAndVoters,
  controllerListeners,
  listenersDoNotFit,
  identityShared,
  dataNotKept,
  heapAndMemory,
  shutdownCutShort,
  brokersOnOneNode,
  strimziListener,
  settingOwnedByStrimzi,
  strimziStorage,
  controllersOneByOne,
  noClusterLabel,
  safetySwitchedOff,
  rebalanceMode,
  ignoredBesidePools,
  claimsDeleted,
  topicName,
  metadataVersionBehind,
  unknownCluster,
  noBudget,
  poolsLackRole,
  replicasAndPools,
];
