import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import { readRing, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { answersOf, hostId, type RingSketch, type ViewSketch } from '#test/core/systems/cassandra/sketches.ts';

/** Three nodes, each of a rack of its own. */
export const up: ViewSketch = { sees: ['UN', 'UN', 'UN'] };
export const whole = { 0: up, 1: up, 2: up };
/** It calls itself up; the others know better. */
export const drained: RingSketch['views'] = {
  0: { sees: ['UN', 'UN', 'DN'] },
  1: { sees: ['UN', 'UN', 'DN'] },
  2: { sees: ['UN', 'UN', 'UN'], mode: 'DRAINED', isServing: false },
};

export const nodes = [0, 1, 2].map((index) => ({
  pod: `cassandra-${index}`,
  container: 'cassandra',
  hostId: hostId(index),
}));

export function readingOf(views: RingSketch['views'], more: Partial<RingSketch> = {}): RingReading {
  return readRing(answersOf({ racks: ['r1', 'r2', 'r3'], ...more, views }), nodes);
}

export const shop = (factor: number, keyspace = 'shop'): KeyspaceReplication => ({
  keyspace,
  strategy: 'NetworkTopologyStrategy',
  factors: { dc1: factor },
});
