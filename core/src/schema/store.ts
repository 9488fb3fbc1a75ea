import { isObject } from '#core/json.ts';
import type { KindSchema, KindSource } from '#core/schema/catalog.ts';
import { SchemaNode, type RawSchema } from '#core/schema/node.ts';

/**
 * Opens the bundled store. Nothing is parsed but the list of kinds: a node is read when a document first needs it, and shared after that.
 *
 * @param kindsJson content of kinds.json
 * @param nodesText content of nodes.jsonl: one node a line, `id json`, sorted by id
 */
export function openSchemaStore(kindsJson: unknown, nodesText: string): KindSource {
  const store = new NodeStore(nodesText);
  const kinds = Array.isArray(kindsJson) ? kindsJson.flatMap((entry) => readKind(entry, store)) : [];
  return { kinds };
}

/** A store whose nodes are read on demand; also gives well-known types by name. */
class NodeStore {
  readonly #text: string;
  readonly #places = new Map<string, number>();
  readonly #nodes = new Map<string, SchemaNode>();

  constructor(text: string) {
    this.#text = text;
    for (let start = 0; start < text.length;) {
      const blank = text.indexOf(' ', start);
      const end = text.indexOf('\n', start);
      if (blank < 0) break;
      this.#places.set(text.slice(start, blank), blank + 1);
      start = end < 0 ? text.length : end + 1;
    }
  }

  /** How many nodes have been read so far. */
  get readCount(): number {
    return this.#nodes.size;
  }

  /** @throws Error for an id that is not in the store, which means that the store is broken */
  node(id: string): SchemaNode {
    const known = this.#nodes.get(id);
    if (known) return known;
    const node = new SchemaNode(this.#read(id), (reference) => this.node(reference));
    this.#nodes.set(id, node);
    return node;
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  #read(id: string): RawSchema {
    const start = this.#places.get(id);
    if (start === undefined) throw new Error(`the schema store has no node ${id}`);
    const end = this.#text.indexOf('\n', start);
    // The store is made and checked by our own build, so its content needs no second look.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return JSON.parse(this.#text.slice(start, end < 0 ? undefined : end)) as RawSchema;
  }
}

function readKind(entry: unknown, store: NodeStore): KindSchema[] {
  if (!isObject(entry)) return [];
  const { group, version, kind, plural, scope, sourceName, root } = entry;
  if (typeof group !== 'string' || typeof version !== 'string' || typeof kind !== 'string') return [];
  if (typeof root !== 'string' || !store.has(root)) return [];
  return [
    {
      group,
      version,
      kind,
      plural: typeof plural === 'string' ? plural : `${kind.toLowerCase()}s`,
      scope: scope === 'Cluster' ? 'Cluster' : 'Namespaced',
      origin: 'bundled',
      sourceName: typeof sourceName === 'string' ? sourceName : 'bundled',
      ...optionalTexts(entry),
      root: () => store.node(root),
      wellKnownType: (id) => (store.has(id) ? store.node(id) : undefined),
    },
  ];
}

function optionalTexts(entry: Record<string, unknown>): Pick<KindSchema, 'documentation' | 'deprecation' | 'since'> {
  const { documentation, deprecation, since } = entry;
  return {
    ...(typeof documentation === 'string' ? { documentation } : {}),
    ...(typeof deprecation === 'string' ? { deprecation } : {}),
    ...(typeof since === 'string' ? { since } : {}),
  };
}
