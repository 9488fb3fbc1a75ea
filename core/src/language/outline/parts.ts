import { SymbolKind } from 'vscode-languageserver-types';
import { textAt, type YamlNode } from '#core/yaml/nodes.ts';

/** A part of an object that people look for. */
export interface PartRow {
  /** Path as in `spec.template.spec.containers[]`, any key of a map as `*`; a leading `**.` stands for any beginning. */
  readonly path: string;
  readonly symbol: SymbolKind;
  /** What it is, shown beside the name. */
  readonly what: string;
  /** Field with the name; the key itself for map entries, and when it is absent. */
  readonly name?: readonly string[];
  /** Field whose value is shown beside the name. */
  readonly detail?: readonly string[];
}

export const partTable: readonly PartRow[] = [
  { path: '**.initContainers[]', symbol: SymbolKind.Module, what: 'init container', name: ['name'], detail: ['image'] },
  { path: '**.containers[]', symbol: SymbolKind.Module, what: 'container', name: ['name'], detail: ['image'] },
  { path: '**.volumes[]', symbol: SymbolKind.File, what: 'volume', name: ['name'] },
  {
    path: 'spec.volumeClaimTemplates[]',
    symbol: SymbolKind.File,
    what: 'volume claim',
    name: ['metadata', 'name'],
    detail: ['spec', 'resources', 'requests', 'storage'],
  },
  {
    path: '**.containers[].ports[]',
    symbol: SymbolKind.Interface,
    what: 'port',
    name: ['name'],
    detail: ['containerPort'],
  },
  { path: '**.ports[]', symbol: SymbolKind.Interface, what: 'port', name: ['name'], detail: ['port'] },
  { path: '**.env[]', symbol: SymbolKind.Variable, what: 'variable', name: ['name'], detail: ['value'] },
  { path: 'data.*', symbol: SymbolKind.Key, what: 'data' },
  { path: 'stringData.*', symbol: SymbolKind.Key, what: 'secret' },
  { path: 'spec.kafka', symbol: SymbolKind.Struct, what: 'brokers', detail: ['version'] },
  { path: 'spec.kafka.listeners[]', symbol: SymbolKind.Interface, what: 'listener', name: ['name'], detail: ['port'] },
  { path: 'spec.kafka.config', symbol: SymbolKind.Property, what: 'configuration' },
  { path: 'spec.storage', symbol: SymbolKind.File, what: 'storage', detail: ['type'] },
  { path: 'spec.entityOperator', symbol: SymbolKind.Struct, what: 'operators' },
  { path: 'spec.cruiseControl', symbol: SymbolKind.Struct, what: 'rebalancing' },
  { path: 'spec.racks[]', symbol: SymbolKind.Struct, what: 'rack', name: ['name'] },
  { path: 'spec.storageConfig', symbol: SymbolKind.File, what: 'storage' },
  { path: 'spec.config', symbol: SymbolKind.Property, what: 'configuration' },
  { path: 'spec.cassandra', symbol: SymbolKind.Struct, what: 'Cassandra', detail: ['serverVersion'] },
  {
    path: 'spec.cassandra.datacenters[]',
    symbol: SymbolKind.Struct,
    what: 'datacenter',
    name: ['metadata', 'name'],
    detail: ['size'],
  },
  { path: 'spec.cassandra.datacenters[].racks[]', symbol: SymbolKind.Struct, what: 'rack', name: ['name'] },
  { path: 'spec.reaper', symbol: SymbolKind.Struct, what: 'repair' },
  { path: 'spec.medusa', symbol: SymbolKind.Struct, what: 'backup' },
  { path: 'spec.jobs[]', symbol: SymbolKind.Function, what: 'job', name: ['name'], detail: ['command'] },
  { path: 'spec.driver', symbol: SymbolKind.Struct, what: 'driver', detail: ['memory'] },
  { path: 'spec.executor', symbol: SymbolKind.Struct, what: 'executors', detail: ['instances'] },
  { path: 'spec.template.driver', symbol: SymbolKind.Struct, what: 'driver', detail: ['memory'] },
  { path: 'spec.template.executor', symbol: SymbolKind.Struct, what: 'executors', detail: ['instances'] },
  { path: '**.sparkConf', symbol: SymbolKind.Property, what: 'configuration' },
  { path: 'spec.tfReplicaSpecs.*', symbol: SymbolKind.Struct, what: 'replicas', detail: ['replicas'] },
  { path: 'spec.trainer', symbol: SymbolKind.Struct, what: 'trainer', detail: ['numNodes'] },
  { path: 'spec.initializer', symbol: SymbolKind.Struct, what: 'initializer' },
  { path: 'spec.versions[]', symbol: SymbolKind.Struct, what: 'version', name: ['name'] },
];

interface ParsedRow extends PartRow {
  readonly steps: readonly string[];
  readonly isFloating: boolean;
}

const rows: readonly ParsedRow[] = partTable.map((row) => ({
  ...row,
  steps: row.path
    .replace(/^\*\*\./, '')
    .replaceAll('[]', '.[]')
    .split('.'),
  isFloating: row.path.startsWith('**.'),
}));

export function findPart(path: readonly (string | number)[]): PartRow | undefined {
  return rows.find(({ steps, isFloating }) => {
    const rest = isFloating ? path.slice(-steps.length) : path;
    return rest.length === steps.length && rest.every((step, index) => matches(step, steps[index]));
  });
}

function matches(actual: string | number, step: string | undefined): boolean {
  return typeof actual === 'number' ? step === '[]' : step === '*' || step === actual;
}

/** Name and detail of a part for the outline. */
export function describePart(
  row: PartRow,
  node: YamlNode | undefined,
  step: string | number,
): { readonly name: string; readonly detail: string } {
  const written = row.name && textAt(node, row.name);
  const name = written ?? (typeof step === 'string' ? step : `${row.what} ${step}`);
  const extra = row.detail && textAt(node, row.detail);
  return { name, detail: extra === undefined ? row.what : `${row.what} ${extra}` };
}
