import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** The settings of cassandra.yaml as an object of an operator has them, and the version they are for. */
export interface YamlSettings {
  readonly settings: NodeView;
  /** Empty when the object does not say it; undefined when it is not known. */
  readonly version: string | undefined;
  readonly type: string | undefined;
}

type Reader = (spec: NodeView) => readonly YamlSettings[];

const READERS: Readonly<Record<string, Reader>> = {
  'cassandra.datastax.com/CassandraDatacenter': (spec) => [readSettings(spec.at('config', 'cassandra-yaml'), spec)],
  'k8ssandra.io/K8ssandraCluster': (spec) => {
    const cluster = spec.field('cassandra');
    return [cluster, ...cluster.field('datacenters').items].map((level) => {
      const own = readSettings(level.at('config', 'cassandraYaml'), level);
      return { ...own, version: own.version ?? cluster.field('serverVersion').text, type: typeOf(cluster) };
    });
  },
  'db.orange.com/CassandraCluster': (spec) =>
    [spec, ...spec.at('topology', 'dc').items].map((level) => ({
      ...readSettings(level.at('config', 'cassandra-yaml'), spec),
      type: typeOf(spec),
    })),
};

export const KINDS_WITH_SETTINGS: readonly string[] = Object.keys(READERS);

/** One for every level at which settings may stand. */
export function readYamlSettings({ groupKind, spec }: ObjectView): readonly YamlSettings[] {
  return READERS[groupKind]?.(spec) ?? [];
}

function readSettings(settings: NodeView, owner: NodeView): YamlSettings {
  return { settings, version: owner.field('serverVersion').text, type: owner.field('serverType').text };
}

function typeOf(owner: NodeView): string | undefined {
  const type = owner.field('serverType');
  return type.isAbsent ? 'cassandra' : type.text;
}
