import { cassandraKinds } from '#core/systems/cassandra/kinds.ts';
import { cassandraKnowledge } from '#core/systems/cassandra/knowledge/index.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { recognizeCassandra } from '#core/systems/cassandra/recognize.ts';
import { cassandraRules } from '#core/systems/cassandra/rules/index.ts';
import type { DataSystem } from '#core/systems/contract.ts';

export const cassandra: DataSystem = {
  id: 'cassandra',
  title: 'Cassandra',
  kinds: cassandraKinds,
  snippetFile: 'cassandra.json',
  knowledge: cassandraKnowledge,
  recognize: recognizeCassandra,
  rules: cassandraRules,
  live: cassandraLive,
};
