import type { CompletionEntry } from '#core/language/completion/entry.ts';
import type { TypedPlace } from '#core/language/completion/place.ts';
import { selectorLabels } from '#core/language/completion/labels.ts';
import { settingEntries } from '#core/language/completion/settings.ts';
import { knownMapAt } from '#core/systems/knownPlace.ts';
import { formatPath } from '#core/yaml/path.ts';

/** Names that are usual in maps whose keys the schema leaves open, by the pattern of their path. */
const USUAL_KEYS: readonly { readonly kind?: RegExp; readonly path: RegExp; readonly keys: readonly string[] }[] = [
  { path: /(?:^|\.)(?:limits|requests)$/, keys: ['cpu', 'memory', 'ephemeral-storage'] },
  { path: /volumeClaimTemplates\[\d+\]\.spec\.resources\.requests$|laimSpec\.resources\.requests$/, keys: ['storage'] },
  { kind: /^TFJob$/, path: /^spec\.tfReplicaSpecs$/, keys: ['Chief', 'Worker', 'PS', 'Evaluator'] },
  { kind: /^PersistentVolumeClaim$/, path: /^spec\.resources\.requests$/, keys: ['storage'] },
  {
    kind: /^Kafka(?:NodePool|Topic|User|Connector|Rebalance)$/,
    path: /^metadata\.labels$/,
    keys: ['strimzi.io/cluster'],
  },
];

const COMMON_LABELS = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app.kubernetes.io/part-of',
];

/** Keys for maps with free names: usual ones, labels that exist elsewhere, and what is known of a system's own configuration. */
export function mapKeysAt(place: TypedPlace): readonly CompletionEntry[] {
  const isFree = place.schema === undefined || place.schema.acceptsUnknownKeys;
  if (place.role !== 'key' || place.path.length === 0 || !isFree) return [];
  const path = formatPath(place.path);
  const taken = new Set(place.map?.entries.map((entry) => entry.key.text));
  const usual = USUAL_KEYS.filter(
    (row) => row.path.test(path) && (row.kind?.test(place.kind?.kind ?? '') ?? true),
  ).flatMap((row) => row.keys);
  const labels = /(?:^|\.)(?:labels|matchLabels)$|^spec\.selector$/.test(path) && place.kind ? COMMON_LABELS : [];
  const entries = [
    ...usual.map((key) => entryOf(key, '', place, 1)),
    ...selectorLabels(place).map(([key, value]) => entryOf(key, value, place, 0)),
    ...labels.map((key) => entryOf(key, '', place, 2)),
    ...knownSettings(place),
  ];
  const seen = new Set<string>(taken);
  return entries.filter((entry) => !seen.has(entry.label) && seen.add(entry.label));
}

/** Settings of the system itself, where a map holds its configuration. */
function knownSettings(place: TypedPlace): CompletionEntry[] {
  const { kind, catalog } = place;
  const known = kind && knownMapAt(kind, place.root, place.path, catalog.settings);
  return known ? settingEntries(known, (name, value, rank) => entryOf(name, value, place, rank)) : [];
}

function entryOf(key: string, value: string, place: TypedPlace, rank: number): CompletionEntry {
  const text = place.colonFollows ? key : `${key}: ${value}`;
  return { label: key, role: 'key', text, isSnippet: false, rank, ...(value === '' ? {} : { detail: value }) };
}
