import type { Rule } from '#core/lint/rules/rule.ts';
import { seedsLeadNowhere } from '#core/systems/cassandra/rules/CAS01-seeds.ts';
import { membersUnreachable } from '#core/systems/cassandra/rules/CAS02-members-unreachable.ts';
import { heapTooLarge } from '#core/systems/cassandra/rules/CAS03-heap.ts';
import { killedBeforeDrained } from '#core/systems/cassandra/rules/CAS04-killed-before-drained.ts';
import { probesMissing } from '#core/systems/cassandra/rules/CAS05-probes.ts';
import { dataNotKept } from '#core/systems/cassandra/rules/CAS06-data-disk.ts';
import { noRoomForFailure } from '#core/systems/cassandra/rules/CAS08-no-room-for-failure.ts';
import { k8ssandraRefuses } from '#core/systems/cassandra/rules/CAS09-k8ssandra-refuses.ts';
import { cassOperatorRefuses } from '#core/systems/cassandra/rules/CAS10-cass-operator-refuses.ts';
import { manyTokens } from '#core/systems/cassandra/rules/CAS12-tokens.ts';
import { readinessByOwnStatus } from '#core/systems/cassandra/rules/CAS13-readiness-by-own-status.ts';
import { decommissionOnStop } from '#core/systems/cassandra/rules/CAS14-decommission-on-stop.ts';
import { noBootstrap } from '#core/systems/cassandra/rules/CAS15-no-bootstrap.ts';
import { ignoredRack } from '#core/systems/cassandra/rules/CAS16-ignored-rack.ts';
import { taskArguments } from '#core/systems/cassandra/rules/CAS17-task-arguments.ts';
import { annotationSaysFalse } from '#core/systems/cassandra/rules/CAS18-annotation-false.ts';
import { leftOver } from '#core/systems/cassandra/rules/CAS19-left-over.ts';
import { partitionBlocks } from '#core/systems/cassandra/rules/CAS20-partition-blocks.ts';
import { noBudget } from '#core/systems/cassandra/rules/CAS21-no-budget.ts';

/** What the operators of Cassandra and its practice demand. */
export const cassandraRules: readonly Rule[] = [
  seedsLeadNowhere,
  membersUnreachable,
  heapTooLarge,
  killedBeforeDrained,
  probesMissing,
  dataNotKept,
  noRoomForFailure,
  k8ssandraRefuses,
  cassOperatorRefuses,
  manyTokens,
  readinessByOwnStatus,
  decommissionOnStop,
  noBootstrap,
  ignoredRack,
  taskArguments,
  annotationSaysFalse,
  leftOver,
  partitionBlocks,
  noBudget,
];
