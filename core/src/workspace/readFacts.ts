import { readIdentity } from '#core/lint/decode/identity.ts';
import { FactCollector, innerRange, isPlaceholder, readName, type CollectedObject } from '#core/workspace/collector.ts';
import type { DocumentFacts, LabelSet, ObjectFacts } from '#core/workspace/facts.ts';
import { governingSelector, podLabels, readSelector } from '#core/workspace/labelSets.ts';
import { collectPod, collectSparkVolumes } from '#core/workspace/podSymbols.ts';
import { CLUSTER_SCOPED, findReferenceRow, type ReferenceRow } from '#core/workspace/referenceTable.ts';
import { keptValues } from '#core/workspace/values.ts';
import {
  effectiveEntries,
  nodeAt,
  resolveAlias,
  textAt,
  textEntriesAt,
  type YamlNode,
  type YamlPath,
} from '#core/yaml/nodes.ts';
import type { YamlDocument } from '#core/yaml/parse.ts';

const factsByDocument = new WeakMap<YamlDocument, DocumentFacts>();

/** What a document tells other documents; the same object for the same document. */
export function factsOf(document: YamlDocument): DocumentFacts {
  const known = factsByDocument.get(document);
  if (known) return known;
  const made = readDocument(document);
  factsByDocument.set(document, made);
  return made;
}

function readDocument({ root, text, recovered }: YamlDocument): DocumentFacts {
  const identity = readIdentity(root);
  if (!identity) return { objects: [], unread: recovered && /^kind:/m.test(text) ? [''] : [] };
  const items = identity.group === '' && identity.kind === 'List' ? resolveAlias(nodeAt(root, ['items'])) : undefined;
  const bases: readonly YamlPath[] =
    items?.kind === 'sequence' ? items.items.map((_item, index): YamlPath => ['items', index]) : [[]];
  const objects = bases.map((base) => readObject(text, root, base));
  const unread = objects.flatMap((object) => ('unread' in object ? [object.unread] : recovered ? [object.kind] : []));
  return { objects: objects.flatMap((object) => ('unread' in object ? [] : [object])), unread };
}

function readObject(
  text: string,
  document: YamlNode | undefined,
  base: YamlPath,
): ObjectFacts | { readonly unread: string } {
  const root = nodeAt(document, base);
  const identity = readIdentity(root);
  const name = readName(nodeAt(root, ['metadata', 'name']));
  if (!identity || !name) return { unread: identity?.kind ?? '' };
  const { apiVersion, group, kind } = identity;
  const namespace = plain(identity.namespace);
  const object: CollectedObject = { group, kind, namespace, root, base };
  const facts = new FactCollector(text);
  const walk = new ReferenceWalk(object, facts);
  walk.run();
  const pods = podPaths(object, walk.pods);
  for (const pod of pods) collectPod(object, pod, facts);
  const spark = SPARK_SPECS[`${group}/${kind}`];
  if (spark) collectSparkVolumes(object, spark, facts);
  collectKeys(object, name.text, facts);
  if (base.length === 0) collectAddresses(object, name.text, facts);
  facts.add(name, [...base, 'metadata', 'name'], { symbol: 'object', role: 'definition', target: kind, namespace });
  const labelSets = [
    governingSelector(object, facts),
    ...pods.map((pod) => podLabels(object, pod, facts)),
    ...walk.placements.map((path) => readSelector(object, path, 'placement', facts)),
  ].filter((set): set is LabelSet => set !== undefined);
  return {
    apiVersion,
    group,
    kind,
    namespace,
    name: name.text,
    namePlace: facts.place(innerRange(name)),
    prefix: base.length === 0 ? '' : `${base.join('[')}]`,
    labels: textEntriesAt(root, ['metadata', 'labels']),
    annotations: textEntriesAt(root, ['metadata', 'annotations']).map(([key]) => key),
    templateLabels: labelSets.filter(({ role }) => role === 'pods').flatMap(({ entries }) => pairsOf(entries)),
    dataKeys: DATA_FIELDS.flatMap((field) => entriesAt(root, field).map(({ key }) => key.text)),
    hasAllKeys: hasAllKeys(object),
    portNames: facts.occurrences.flatMap(({ symbol, role, name: port }) =>
      symbol === 'port' && role === 'definition' ? [port] : [],
    ),
    hasPods: pods.length > 0,
    labelSets,
    occurrences: facts.occurrences,
    values: keptValues(object),
  };
}

const DATA_FIELDS = ['data', 'stringData', 'binaryData'] as const;

const SPARK_SPECS: Readonly<Record<string, YamlPath>> = {
  'sparkoperator.k8s.io/SparkApplication': ['spec'],
  'sparkoperator.k8s.io/ScheduledSparkApplication': ['spec', 'template'],
};

/** Pods with a template around them, and a Pod itself; other places with containers are fragments for an operator. */
function podPaths({ kind, root }: CollectedObject, found: readonly YamlPath[]): readonly YamlPath[] {
  if (kind === 'Pod') return resolveAlias(nodeAt(root, ['spec']))?.kind === 'map' ? [['spec']] : [];
  return found.filter((path) => path.length > 1);
}

/** A controller may add keys: to what is empty, to what an annotation asks for, and to tokens. */
function hasAllKeys({ kind, root }: CollectedObject): boolean {
  if (kind !== 'ConfigMap' && kind !== 'Secret') return false;
  const type = textAt(root, ['type']) ?? '';
  const isFilled = DATA_FIELDS.some((field) => entriesAt(root, field).length > 0);
  const isInjected = textEntriesAt(root, ['metadata', 'annotations']).some(([key]) =>
    /inject|reflect|generat/.test(key),
  );
  return isFilled && !isInjected && type !== 'kubernetes.io/service-account-token';
}

function collectKeys({ kind, root, base, namespace }: CollectedObject, owner: string, facts: FactCollector): void {
  if (kind !== 'ConfigMap' && kind !== 'Secret') return;
  for (const field of DATA_FIELDS) {
    for (const { key } of entriesAt(root, field)) {
      const parts = { symbol: 'key', role: 'definition', target: kind, owner, namespace } as const;
      facts.add(key, [...base, field, key.text], parts);
    }
  }
}

/** Addresses of the pods of a StatefulSet in its own texts, `db-0.db` and `$(POD_NAME).db`, name its Service. */
function collectAddresses({ kind, root, namespace }: CollectedObject, name: string, facts: FactCollector): void {
  const service = readName(nodeAt(root, ['spec', 'serviceName']))?.text;
  if (kind !== 'StatefulSet' || service === undefined) return;
  const [set, found] = [escapeDots(name), escapeDots(service)];
  const pattern = new RegExp(`((?:\\b${set}-\\d+|\\$\\(\\w+\\)|\\$\\{?\\w+\\}?)\\.)(${found})(?![\\w-])`, 'g');
  facts.addMatches(pattern, { symbol: 'object', role: 'reference', target: 'Service', namespace });
}

/** Names have no other sign with a meaning in patterns. */
function escapeDots(name: string): string {
  return name.replaceAll(/[^\w-]/g, '\\$&');
}

function entriesAt(root: YamlNode | undefined, field: string): ReturnType<typeof effectiveEntries> {
  const node = resolveAlias(nodeAt(root, [field]));
  return node?.kind === 'map' ? effectiveEntries(node) : [];
}

function pairsOf(entries: LabelSet['entries']): readonly (readonly [string, string])[] {
  return entries.map(({ key, value }) => [key, value] as const);
}

function plain(text: string | undefined): string | undefined {
  return text === undefined || isPlaceholder(text) ? undefined : text;
}

/** More values than any object has; what lies behind is not looked at. */
const VISIT_LIMIT = 50_000;

/** Goes through an object once and finds its references, its pods and its selectors of other pods. */
class ReferenceWalk {
  readonly pods: YamlPath[] = [];
  readonly placements: YamlPath[] = [];
  readonly #object: CollectedObject;
  readonly #facts: FactCollector;
  readonly #path: (string | number)[] = [];
  #visits = 0;

  constructor(object: CollectedObject, facts: FactCollector) {
    this.#object = object;
    this.#facts = facts;
  }

  run(): void {
    this.#visit(this.#object.root, undefined);
  }

  #visit(written: YamlNode | undefined, parent: YamlNode | undefined): void {
    const node = resolveAlias(written);
    if (!node || this.#visits++ > VISIT_LIMIT) return;
    if (node.kind === 'scalar') {
      this.#visitScalar(node, parent);
      return;
    }
    if (node.kind === 'sequence') {
      for (const [index, { value }] of node.items.entries()) this.#descend(index, value, node);
      return;
    }
    const entries = effectiveEntries(node);
    if (isPod(entries)) this.pods.push([...this.#path]);
    for (const { key, value } of entries) {
      if (key.text === 'labelSelector') this.placements.push([...this.#path, key.text]);
      this.#descend(key.text, value, node);
    }
  }

  #descend(step: string | number, value: YamlNode | undefined, parent: YamlNode): void {
    this.#path.push(step);
    this.#visit(value, parent);
    this.#path.pop();
  }

  #visitScalar(node: YamlNode, parent: YamlNode | undefined): void {
    const { base, group, kind, namespace } = this.#object;
    const row = findReferenceRow({ group, kind }, this.#path);
    if (row) this.#addReference(row, node, parent);
    else if (group === '' && kind === 'Service' && this.#path.at(-1) === 'targetPort') {
      this.#facts.add(node, [...base, ...this.#path], { symbol: 'port', role: 'reference', namespace });
    }
  }

  #addReference(row: ReferenceRow, node: YamlNode, parent: YamlNode | undefined): void {
    const { base } = this.#object;
    const target = row.target === 'sibling' ? (textAt(parent, ['kind']) ?? row.usually) : row.target;
    if (target === undefined) return;
    const owner = row.keyOf ? this.#ownerOf(row.keyOf) : '';
    if (owner === undefined) return;
    this.#facts.add(node, [...base, ...this.#path], {
      symbol: row.keyOf ? 'key' : 'object',
      role: 'reference',
      target,
      owner,
      namespace: this.#namespaceOf(row, target, parent),
      isOptional: row.isOptional === true || this.#isOptional(),
      isNeededToStart: row.isNeededToStart === true,
    });
  }

  #namespaceOf(row: ReferenceRow, target: string, parent: YamlNode | undefined): string | undefined {
    if (CLUSTER_SCOPED.has(target)) return undefined;
    const written = row.target === 'sibling' ? plain(textAt(parent, ['namespace'])) : undefined;
    return written ?? this.#object.namespace;
  }

  /** The name that stands beside a key, or beside the list of `items` that the key is in. */
  #ownerOf(names: readonly string[]): string | undefined {
    for (const holder of this.#holders()) {
      for (const name of names) {
        const found = readName(nodeAt(this.#object.root, [...holder, name]));
        if (found) return found.text;
      }
    }
    return undefined;
  }

  #isOptional(): boolean {
    return this.#holders().some((holder) => textAt(this.#object.root, [...holder, 'optional']) === 'true');
  }

  #holders(): readonly YamlPath[] {
    const path = this.#path;
    const isInItems = path.at(-3) === 'items';
    return isInItems ? [path.slice(0, -3)] : [path.slice(0, -1)];
  }
}

function isPod(entries: ReturnType<typeof effectiveEntries>): boolean {
  const containers = resolveAlias(entries.find(({ key }) => key.text === 'containers')?.value);
  return containers?.kind === 'sequence';
}
