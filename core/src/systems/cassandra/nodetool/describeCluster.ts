import { addressesOf, linesOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/** Nodes that share a version of the schema, or of Cassandra. */
export interface VersionGroup {
  readonly version: string;
  readonly addresses: readonly string[];
}

export interface KeyspaceReplication {
  readonly keyspace: string;
  /** Without its package: `NetworkTopologyStrategy`. */
  readonly strategy: string;
  /** Replication factor by datacenter; under the name `replication_factor` for SimpleStrategy. */
  readonly factors: Readonly<Record<string, number>>;
}

export interface ClusterDescription {
  readonly name: string;
  readonly snitch: string;
  readonly partitioner: string;
  readonly schemas: readonly VersionGroup[];
  /** Nodes whose schema version this node could not learn. */
  readonly unreachable: readonly string[];
  /** From 4.0. */
  readonly releases: readonly VersionGroup[];
  /** From 4.0; undefined where the answer has none. */
  readonly keyspaces: readonly KeyspaceReplication[] | undefined;
}

/** A thousand nodes with IPv6 addresses stand in one line. */
const LONGEST_LIST = 64_000;

interface Draft {
  name: string;
  snitch: string;
  partitioner: string;
  schemas: VersionGroup[];
  unreachable: string[];
  releases: VersionGroup[];
  keyspaces: KeyspaceReplication[] | undefined;
}

type Section = 'head' | 'schemas' | 'releases' | 'keyspaces' | 'other';

const SECTIONS: readonly (readonly [RegExp, Section])[] = [
  [/^\s*Cluster Information:/, 'head'],
  [/^\s*Schema versions:/, 'schemas'],
  [/^Database versions:/, 'releases'],
  [/^Keyspaces:/, 'keyspaces'],
  [/^(?:Stats for all nodes|Data Centers|Note|Error):/, 'other'],
];

/** `nodetool describecluster`. It tells less on 3.x, and nothing after the schema on a node that was drained. */
export function parseDescribeCluster(text: string): ClusterDescription {
  const draft: Draft = {
    name: '',
    snitch: '',
    partitioner: '',
    schemas: [],
    unreachable: [],
    releases: [],
    keyspaces: undefined,
  };
  let section: Section = 'head';
  for (const line of linesOf(text, LONGEST_LIST)) {
    const start = SECTIONS.find(([heading]) => heading.test(line));
    if (start) {
      section = start[1];
      if (section === 'keyspaces') draft.keyspaces ??= [];
    } else readers[section](line.trim(), draft);
  }
  return draft;
}

const readers: Readonly<Record<Section, (line: string, draft: Draft) => void>> = {
  head(line, draft) {
    const [, key = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (key === 'Name') draft.name = value;
    else if (key === 'Snitch') draft.snitch = withoutPackage(value);
    else if (key === 'Partitioner') draft.partitioner = withoutPackage(value);
  },
  schemas(line, draft) {
    const group = parseGroup(line);
    if (group === undefined) return;
    if (group.version === 'UNREACHABLE' || group.version === 'UNKNOWN') draft.unreachable.push(...group.addresses);
    else draft.schemas.push(group);
  },
  releases(line, draft) {
    const group = parseGroup(line);
    if (group) draft.releases.push(group);
  },
  keyspaces(line, draft) {
    const keyspace = parseKeyspace(line);
    if (keyspace) draft.keyspaces?.push(keyspace);
  },
  other() {
    // Counts of nodes, which are known better from the ring itself.
  },
};

function parseGroup(line: string): VersionGroup | undefined {
  const [, version = '', list] = /^([\w.~+-]+): (\[.*\])$/.exec(line) ?? [];
  return list === undefined ? undefined : { version, addresses: addressesOf(list) };
}

/** `shop -> Replication class: NetworkTopologyStrategy {dc1=3}`. */
function parseKeyspace(line: string): KeyspaceReplication | undefined {
  const [, keyspace = '', strategy = '', options] = /^(\S+) -> Replication class: (\S+) ?\{(.*)\}$/.exec(line) ?? [];
  if (options === undefined) return undefined;
  const factors: Record<string, number> = {};
  for (const option of options.split(',')) {
    const [key = '', value = ''] = option.split('=').map((part) => part.trim());
    // `3/1` is three replicas, one of them transient.
    const factor = wholeNumberOf(value.split('/')[0] ?? '');
    if (key !== '' && key !== '__proto__' && factor !== undefined) factors[key] = factor;
  }
  return { keyspace, strategy: withoutPackage(strategy), factors };
}

const withoutPackage = (name: string): string => name.trim().slice(name.trim().lastIndexOf('.') + 1);
