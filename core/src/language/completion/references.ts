import type { CompletionEntry } from '#core/language/completion/entry.ts';
import { selectorLabels } from '#core/language/completion/labels.ts';
import type { TypedPlace } from '#core/language/completion/place.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { findReferenceRow } from '#core/workspace/referenceTable.ts';
import { nodeAt, resolveAlias, textAt, textEntriesAt, type YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

interface Candidate {
  readonly name: string;
  readonly from: string;
}

/** Where a name is taken from, by the field that refers to it. */
interface ReferenceRow {
  /** Well-known type of the object that holds the field; absent when the path alone decides. */
  readonly holder?: RegExp;
  readonly field: RegExp;
  readonly find: (place: TypedPlace) => readonly Candidate[];
}

const ofKind =
  (...kinds: readonly string[]) =>
  (place: TypedPlace): readonly Candidate[] =>
    facts(place)
      .filter((fact) => kinds.includes(fact.kind))
      .map((fact) => ({
        name: fact.name,
        from: `${fact.kind}${fact.namespace === undefined ? '' : ` in ${fact.namespace}`}`,
      }));

/** Fields that the table of references does not have: names inside the document, and those that only their well-known type tells. */
const ROWS: readonly ReferenceRow[] = [
  { holder: /core\/v1\.Volume(?:Mount|Device)$/, field: /\.name$/, find: volumesOfPod },
  {
    holder: /core\/v1\.ConfigMap(?:KeySelector|EnvSource|VolumeSource|Projection)$/,
    field: /\.name$/,
    find: ofKind('ConfigMap'),
  },
  { holder: /core\/v1\.ConfigMapKeySelector$/, field: /\.key$/, find: keysOf('ConfigMap') },
  { holder: /core\/v1\.Secret(?:KeySelector|EnvSource|Projection)$/, field: /\.name$/, find: ofKind('Secret') },
  { holder: /core\/v1\.SecretKeySelector$/, field: /\.key$/, find: keysOf('Secret') },
  { field: /[sS]ecretName$|\.imagePullSecrets\[\d+\]$/, find: ofKind('Secret') },
  { field: /\.claimName$/, find: ofKind('PersistentVolumeClaim') },
  { field: /\.storageClass(?:\.name)?$|\.class$/, find: ofKind('StorageClass') },
  { field: /(?:tcpSocket|httpGet)\.port$/, find: portsOfContainer },
  { field: /^spec\.ports\[\d+\]\.targetPort$/, find: portsOfWorkloads },
  { field: /\.resourceFieldRef\.containerName$/, find: containersOfDocument },
  {
    field: /^spec\.tfReplicaSpecs\.\w+\.template\.spec\.containers\[\d+\]\.name$/,
    find: () => [{ name: 'tensorflow', from: 'the name TFJob asks for' }],
  },
  { field: /^spec\.topicName$/, find: ofKind('KafkaTopic') },
  { field: /(?:matchLabels|labels|^spec\.selector)[.[][^\]]+\]?$/, find: labelValues },
];

/** Names that exist elsewhere and fit the field under the cursor. */
export function referenceEntries(place: TypedPlace): readonly CompletionEntry[] {
  const path = formatPath(place.path);
  const type = place.holder?.raw['x-type'] ?? '';
  const rows = ROWS.filter((row) => row.field.test(path) && (row.holder?.test(type) ?? true));
  const found = [...referenced(place), ...rows.flatMap((row) => row.find(place))];
  return [...new Map(found.map((candidate) => [candidate.name, candidate])).values()]
    .filter(({ name }) => name !== '')
    .map(({ name, from }) => ({
      label: name,
      role: 'reference',
      text: name,
      isSnippet: false,
      rank: 0,
      detail: from,
    }));
}

/** What the table of references says of the field. */
function referenced(place: TypedPlace): readonly Candidate[] {
  const row = place.kind && findReferenceRow(place.kind, place.path);
  if (!row) return [];
  if (row.keyOf) return keysOf(row.target, row.keyOf)(place);
  const sibling = textAt(place.root, [...place.path.slice(0, -1), 'kind']) ?? row.usually;
  const kind = row.target === 'sibling' ? sibling : row.target;
  return kind === undefined ? [] : ofKind(kind)(place);
}

/** Resources of the workspace; those of another namespace than this document's are left out when both say where they are. */
function facts(place: TypedPlace): readonly IndexedObject[] {
  const namespace = textAt(place.root, ['metadata', 'namespace']);
  const all = place.workspace?.all() ?? [];
  return all.filter((fact) => namespace === undefined || fact.namespace === undefined || fact.namespace === namespace);
}

function keysOf(kind: string, names: readonly string[] = ['name']): ReferenceRow['find'] {
  return (place) => {
    const holder = place.path.slice(0, place.path.at(-3) === 'items' ? -3 : -1);
    const name = names.map((field) => textAt(place.root, [...holder, field])).find((text) => text !== undefined);
    return facts(place)
      .filter((fact) => fact.kind === kind && (name === undefined || fact.name === name))
      .flatMap((fact) => fact.dataKeys.map((key) => ({ name: key, from: `${kind} ${fact.name}` })));
  };
}

function volumesOfPod(place: TypedPlace): readonly Candidate[] {
  const pod = podPath(place.path);
  const volumes = namesAt(place, [...pod, 'volumes'], ['name']).map((name) => ({ name, from: 'volume' }));
  const shared = namesAt(place, ['spec', 'volumes'], ['name']).map((name) => ({ name, from: 'volume' }));
  const claims = namesAt(place, ['spec', 'volumeClaimTemplates'], ['metadata', 'name']).map((name) => ({
    name,
    from: 'volume claim template',
  }));
  return [...volumes, ...(formatPath(pod) === 'spec' ? [] : shared), ...claims];
}

/** The pod spec around a container: what stands above `containers`. */
function podPath(path: YamlPath): YamlPath {
  const at = path.findLastIndex((step) => typeof step === 'string' && /^(?:c|initC|ephemeralC)ontainers$/.test(step));
  return at < 0 ? ['spec'] : path.slice(0, at);
}

function namesAt(place: TypedPlace, list: YamlPath, name: YamlPath): readonly string[] {
  const node = resolveAlias(nodeAt(place.root, list));
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item) => textAt(item.value, name) ?? []);
}

function portsOfContainer(place: TypedPlace): readonly Candidate[] {
  const at = place.path.findLastIndex((step) => typeof step === 'number');
  return namesAt(place, [...place.path.slice(0, at + 1), 'ports'], ['name']).map((name) => ({
    name,
    from: 'port of this container',
  }));
}

function portsOfWorkloads(place: TypedPlace): readonly Candidate[] {
  const selector = textEntriesAt(place.root, ['spec', 'selector']);
  return facts(place)
    .filter((fact) =>
      selector.every(([key, value]) => fact.templateLabels.some((label) => label[0] === key && label[1] === value)),
    )
    .flatMap((fact) => fact.portNames.map((name) => ({ name, from: `${fact.kind} ${fact.name}` })));
}

function containersOfDocument(place: TypedPlace): readonly Candidate[] {
  return namesAt(place, [...podPath(place.path), 'containers'], ['name']).map((name) => ({ name, from: 'container' }));
}

function labelValues(place: TypedPlace): readonly Candidate[] {
  const key = place.path.at(-1);
  const around = { ...place, path: place.path.slice(0, -1) };
  return selectorLabels(around).flatMap(([name, value]) => (name === key ? [{ name: value, from: 'label' }] : []));
}
