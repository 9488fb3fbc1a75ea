import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { membersOf, type Member } from '#core/systems/cassandra/rules/members.ts';
import { findVariable, variableText } from '#core/systems/cassandra/rules/variables.ts';
import { findHeapOption, parseJavaAmount } from '#core/systems/javaHeap.ts';

/** A heap and the memory its container may use. */
export interface Heap {
  readonly at: NodeView;
  /** As written, for people. */
  readonly text: string;
  readonly bytes: number;
  readonly limit: NodeView;
}

type Reader = (object: ObjectView) => readonly (Heap | undefined)[];

const READERS: Readonly<Record<string, Reader>> = {
  'apps/StatefulSet': (object) => membersOf(object).map(memberHeap),
  'cassandra.datastax.com/CassandraDatacenter': ({ spec }) => [datacenterHeap(spec)],
  'k8ssandra.io/K8ssandraCluster': ({ spec }) => k8ssandraHeaps(spec.field('cassandra')),
  'db.orange.com/CassandraCluster': ({ spec }) => casskopHeaps(spec),
};

export const KINDS_WITH_HEAP: readonly string[] = Object.keys(READERS);

/** Every heap whose size is written, each place once. */
export function readHeaps(object: ObjectView): readonly Heap[] {
  const byPlace = new Map<string, Heap>();
  for (const heap of READERS[object.groupKind]?.(object) ?? []) if (heap) byPlace.set(heap.at.path, heap);
  return [...byPlace.values()];
}

/** Options come after what the start script works out, so they win. */
function memberHeap({ container }: Member): Heap | undefined {
  const limit = container.at('resources', 'limits', 'memory');
  for (const name of ['JVM_EXTRA_OPTS', 'JVM_OPTS', 'MAX_HEAP_SIZE']) {
    const written = variableText(container, name);
    const text = written === undefined || name === 'MAX_HEAP_SIZE' ? written : findHeapOption(written, '-Xmx');
    const at = findVariable(container, name)?.field('value');
    if (text !== undefined && at) return javaHeap(at, text, limit);
  }
  return undefined;
}

function javaHeap(at: NodeView, text: string | undefined, limit: NodeView): Heap | undefined {
  const bytes = text === undefined ? undefined : parseJavaAmount(text);
  return text === undefined || bytes === undefined ? undefined : { at, text, bytes, limit };
}

function optionHeap(config: NodeView, limit: NodeView): Heap | undefined {
  for (const file of ['jvm-server-options', 'jvm-options']) {
    const at = config.at(file, 'max_heap_size');
    if (at.isPresent) return javaHeap(at, at.text ?? at.integer?.toString(), limit);
  }
  return undefined;
}

/** Resources in the pod template win over those of the datacenter. */
function datacenterHeap(spec: NodeView): Heap | undefined {
  const containers = spec.at('podTemplateSpec', 'spec', 'containers').items;
  const own = containers.find((container) => container.field('name').text === 'cassandra')?.field('resources');
  const resources = own?.isPresent === true ? own : spec.field('resources');
  return optionHeap(spec.field('config'), resources.at('limits', 'memory'));
}

/** What a datacenter does not say is taken from the cluster. */
function k8ssandraHeaps(cluster: NodeView): readonly (Heap | undefined)[] {
  return cluster.field('datacenters').items.map((datacenter) => {
    const limit = either(datacenter, cluster, 'resources', 'limits', 'memory');
    const largest = either(datacenter, cluster, 'config', 'jvmOptions', 'heap_max_size');
    const at = largest.isPresent ? largest : either(datacenter, cluster, 'config', 'jvmOptions', 'heapSize');
    const { quantity, content } = at;
    return quantity === undefined || content?.kind !== 'scalar'
      ? undefined
      : { at, text: content.text, bytes: quantity, limit };
  });
}

function casskopHeaps(spec: NodeView): readonly (Heap | undefined)[] {
  const all = [spec, ...spec.at('topology', 'dc').items];
  return all.map((datacenter) => {
    const own = optionHeap(datacenter.field('config'), either(datacenter, spec, 'resources', 'limits', 'memory'));
    return own ?? optionHeap(spec.field('config'), either(datacenter, spec, 'resources', 'limits', 'memory'));
  });
}

function either(own: NodeView, common: NodeView, ...path: readonly string[]): NodeView {
  const view = own.at(...path);
  return view.isPresent ? view : common.at(...path);
}
