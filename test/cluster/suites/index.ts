import type { Suite } from '../support/suite.ts';
import { access } from './access.ts';
import { authoring } from './authoring.ts';
import { cassandra } from './cassandra.ts';
import { cassandraFaults } from './cassandraFaults.ts';
import { cassandraInside } from './cassandraInside.ts';
import { cassandraReplace } from './cassandraReplace.ts';
import { cassandraRefusals } from './cassandraRefusals.ts';
import { cassandraRepair } from './cassandraRepair.ts';
import { cassandraRestart } from './cassandraRestart.ts';
import { cassandraScale } from './cassandraScale.ts';
import { definitions } from './definitions.ts';
import { disruptions } from './disruptions.ts';
import { helm } from './helm.ts';
import { helmKafka } from './helmKafka.ts';
import { helmRollback } from './helmRollback.ts';
import { kafka } from './kafka.ts';
import { kafkaAdmin } from './kafkaAdmin.ts';
import { kafkaFaults } from './kafkaFaults.ts';
import { kafkaInside } from './kafkaInside.ts';
import { kafkaMoves } from './kafkaMoves.ts';
import { kafkaRestart } from './kafkaRestart.ts';
import { kafkaSecured } from './kafkaSecured.ts';
import { load } from './load.ts';
import { nodeDrain } from './nodeDrain.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import { spark } from './spark.ts';
import { sparkVerbs } from './sparkVerbs.ts';
import { tfjobVerbs } from './tfjobVerbs.ts';
import { tfjob } from './tfjob.ts';
import { trainjob } from './trainjob.ts';
import { trainjobVerbs } from './trainjobVerbs.ts';

/** In the order in which they run: what only looks comes before what breaks. */
export const suites: readonly Suite[] = [
  authoring,
  nodes,
  definitions,
  pods,
  access,
  kafka,
  kafkaInside,
  kafkaAdmin,
  kafkaSecured,
  helm,
  helmRollback,
  helmKafka,
  spark,
  sparkVerbs,
  tfjob,
  tfjobVerbs,
  trainjob,
  trainjobVerbs,
  cassandra,
  cassandraInside,
  cassandraRefusals,
  disruptions,
  kafkaRestart,
  kafkaMoves,
  cassandraRestart,
  cassandraReplace,
  cassandraRepair,
  cassandraFaults,
  cassandraScale,
  kafkaFaults,
  nodeDrain,
  load,
];
