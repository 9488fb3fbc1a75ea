import { isObject } from '#core/json.ts';

/** What hover and completion say about a field. */
export interface FieldDescription {
  /** One or two plain sentences. */
  readonly text: string;
  /** Page that says more. */
  readonly documentation?: string;
}

interface Entry {
  readonly description?: string;
  readonly documentation?: string;
  readonly sameAs?: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** A place in a kind, or a type by name. Below a list is the segment `[]`, below a map `{}`. */
interface PlaceNode {
  entry: Entry | undefined;
  readonly children: Map<string, PlaceNode>;
}

type Place = readonly (string | number)[];

const LIST_ITEM = '[]';
const MAP_VALUE = '{}';
/** Entry for the root of every object, whatever its kind. */
const ANY_OBJECT = '*';
const NOTHING: ReadonlySet<string> = new Set();

/**
 * Our own descriptions of fields. The data is one object: its keys are types (`core/v1.Container`), kinds (`kafka.strimzi.io/v1/Kafka`),
 * or places in a kind (`kafka.strimzi.io/v1/Kafka#spec.kafka.listeners[]`). An entry with `sameAs` falls back to another key, and so does
 * everything below it. The place in the kind is asked first, then the type that the holding object has. What is malformed is left out.
 */
export class DescriptionBook {
  readonly #roots = new Map<string, PlaceNode>();

  /** @param json parsed descriptions, all topics in one object */
  constructor(json: unknown) {
    if (!isObject(json)) return;
    for (const [key, value] of Object.entries(json)) if (isObject(value)) this.#nodeOf(key).entry = readEntry(value);
  }

  /**
   * @param kindKey apiVersion and kind: `apps/v1/StatefulSet`, `v1/Service`
   * @param place path from the document's root to the object that holds the field; numbers are list indexes
   * @param typeName well-known type of that object, when the schema names one
   */
  describe(kindKey: string, place: Place, field: string, typeName: string | undefined): FieldDescription | undefined {
    for (const node of this.#nodesAt(kindKey, place, typeName)) {
      const text = node.entry?.fields.get(field);
      if (text !== undefined) return this.#withPage(text, node.entry?.documentation ?? this.#pageOf(kindKey));
    }
    return undefined;
  }

  /** What an object as a whole is for; the kind itself has the empty place. */
  describeObject(kindKey: string, place: Place, typeName: string | undefined): FieldDescription | undefined {
    for (const node of this.#nodesAt(kindKey, place, typeName)) {
      const text = node.entry?.description;
      if (text !== undefined) return this.#withPage(text, node.entry?.documentation ?? this.#pageOf(kindKey));
    }
    return undefined;
  }

  #pageOf(kindKey: string): string | undefined {
    return this.#roots.get(kindKey)?.entry?.documentation;
  }

  #withPage(text: string, documentation: string | undefined): FieldDescription {
    return documentation === undefined ? { text } : { text, documentation };
  }

  /** Nodes that may know the object, the closest first. */
  #nodesAt(kindKey: string, place: Place, typeName: string | undefined): readonly PlaceNode[] {
    const found = this.#walk(kindKey, place, NOTHING);
    if (typeName !== undefined) found.push(...this.#walk(typeName, [], NOTHING));
    if (place.length === 0) found.push(...this.#walk(ANY_OBJECT, [], NOTHING));
    return found;
  }

  /** @param following the `sameAs` keys on the way here, so that a circle of them ends */
  #walk(rootKey: string, place: Place, following: ReadonlySet<string>): PlaceNode[] {
    const root = this.#roots.get(rootKey);
    let front = root ? this.#withFallbacks([root], following) : [];
    for (const step of place) {
      front = this.#withFallbacks(
        front.flatMap((node) => childrenOf(node, step)),
        following,
      );
    }
    return front;
  }

  /** Puts what `sameAs` leads to after each node. */
  #withFallbacks(nodes: readonly PlaceNode[], following: ReadonlySet<string>): PlaceNode[] {
    const all = new Set<PlaceNode>();
    for (const node of nodes) {
      all.add(node);
      const target = node.entry?.sameAs;
      if (target === undefined || following.has(target)) continue;
      const { root, segments } = splitKey(target);
      const place = segments.map((segment) => (segment === LIST_ITEM ? 0 : segment));
      for (const fallback of this.#walk(root, place, new Set([...following, target]))) all.add(fallback);
    }
    return [...all];
  }

  #nodeOf(key: string): PlaceNode {
    const { root, segments } = splitKey(key);
    let node = getOrCreate(this.#roots, root);
    for (const segment of segments) node = getOrCreate(node.children, segment);
    return node;
  }
}

/** The exact child, then the one that stands for any key of a map. */
function childrenOf(node: PlaceNode, step: string | number): PlaceNode[] {
  const names = typeof step === 'number' ? [LIST_ITEM] : [step, MAP_VALUE];
  return names.flatMap((name) => node.children.get(name) ?? []);
}

/** `group/version/Kind#spec.racks[].name` becomes the root and `spec`, `racks`, `[]`, `name`. */
function splitKey(key: string): { readonly root: string; readonly segments: readonly string[] } {
  const hash = key.indexOf('#');
  if (hash < 0) return { root: key, segments: [] };
  const segments = key
    .slice(hash + 1)
    .replaceAll(/\[\]|\{\}/g, '.$&')
    .split('.');
  return { root: key.slice(0, hash), segments: segments.filter((segment) => segment !== '') };
}

function getOrCreate(nodes: Map<string, PlaceNode>, key: string): PlaceNode {
  const known = nodes.get(key);
  if (known) return known;
  const node: PlaceNode = { entry: undefined, children: new Map() };
  nodes.set(key, node);
  return node;
}

function readEntry(value: Record<string, unknown>): Entry {
  const { description, documentation, sameAs, fields } = value;
  return {
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof documentation === 'string' ? { documentation } : {}),
    ...(typeof sameAs === 'string' ? { sameAs } : {}),
    fields: new Map(isObject(fields) ? Object.entries(fields).filter(isTextEntry) : []),
  };
}

function isTextEntry(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}
