import type { LiveSystem } from '#core/live/model.ts';

export const cassandraLive: LiveSystem = {
  gather: () => [],
  health: () => ({ level: 'unknown', sentence: 'not judged', evidence: [] }),
  memberHealth: () => ({ level: 'unknown', sentence: 'not judged', evidence: [] }),
};
