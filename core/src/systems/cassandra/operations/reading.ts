import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import { buildRing, type KnownHost, type RingNode, type RingView } from '#core/systems/cassandra/ring.ts';

/** A ring as it was found by asking its nodes once. */
export interface RingReading {
  readonly ring: RingView;
  readonly answers: readonly NodeAnswer[];
  /** Names that nodes give their cluster; more than one is two clusters. */
  readonly clusterNames: readonly string[];
  /** Undefined when no node could tell, as before 4.0. */
  readonly keyspaces: readonly KeyspaceReplication[] | undefined;
}

/** A member of the plan. */
export interface PlannedNode {
  readonly pod: string;
  readonly container: string;
  /** Empty when it was not known. */
  readonly hostId: string;
}

export function readRing(answers: readonly NodeAnswer[], nodes: readonly PlannedNode[]): RingReading {
  const known = nodes.flatMap(({ pod, hostId }): KnownHost[] =>
    hostId === '' ? [] : [{ member: pod, hostId, by: 'before' }],
  );
  const members = nodes.map(({ pod }) => ({ name: pod, rack: '' }));
  return {
    ring: buildRing(answers, members, known),
    answers,
    clusterNames: [...new Set(answers.flatMap(({ cluster }) => cluster?.name ?? []))].filter((name) => name !== ''),
    keyspaces: answers.map(({ cluster }) => cluster?.keyspaces).find((found) => found !== undefined),
  };
}

/** Modes of a node that has been drained: only a restart makes it a node again. */
const DRAINED_MODES = new Set(['DRAINED', 'DRAINING']);

export const isDrainedMode = (mode: string): boolean => DRAINED_MODES.has(mode);

export const memberNode = ({ ring }: RingReading, member: string): RingNode | undefined =>
  ring.nodes.find((node) => node.member === member);

/** How a node is called in sentences. */
export const nodeName = ({ member, addresses, hostId }: RingNode): string => member ?? addresses[0] ?? hostId;

/** The first few, and how many more. */
export function named(texts: readonly string[], most = 3): string {
  const shown = texts.slice(0, most).join(', ');
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}
