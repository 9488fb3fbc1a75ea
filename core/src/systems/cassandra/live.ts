import type { LiveSystem } from '#core/live/model.ts';
import { gatherRings } from '#core/systems/cassandra/live/gather.ts';
import { nodeHealth, ringHealth } from '#core/systems/cassandra/live/health.ts';
import { inspectRing } from '#core/systems/cassandra/live/inspect.ts';

export const cassandraLive: LiveSystem = {
  gather: gatherRings,
  health: ringHealth,
  memberHealth: nodeHealth,
  inspect: inspectRing,
};
