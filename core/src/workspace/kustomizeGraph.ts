import { kustomizationsIn, type KustomizationFacts } from '#core/workspace/kustomization.ts';

/** What a set of files is applied as. */
export interface FileScope {
  /** Files whose objects are applied together, as far as they are known. */
  readonly uris: ReadonlySet<string>;
  /** Whether a kustomization holds them together, and not only that they stand in one file. */
  readonly isKustomized: boolean;
  /** Whether everything that is applied with them is among them. */
  readonly isWhole: boolean;
  /** Whether fields may be other ones in the end than in the files. */
  readonly isPatched: boolean;
}

/** What kustomizations put around a name. */
export interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
}

interface Lineage {
  readonly facts: KustomizationFacts;
  readonly affixes: Affixes;
}

/** Kustomizations that list each other in a circle, or in a chain longer than any, end here. */
const DEPTH_LIMIT = 16;

/** Which kustomizations hold which files. Built anew when one of them changes. */
export class KustomizeGraph {
  readonly patchFiles: ReadonlySet<string>;
  readonly #kustomizations: ReadonlyMap<string, KustomizationFacts>;
  readonly #isKnownFile: (uri: string) => boolean;
  readonly #parents = new Map<string, string[]>();
  readonly #scopes = new Map<string, FileScope>();

  constructor(kustomizations: ReadonlyMap<string, KustomizationFacts>, isKnownFile: (uri: string) => boolean) {
    this.#kustomizations = kustomizations;
    this.#isKnownFile = isKnownFile;
    for (const [uri, { resources }] of kustomizations) {
      for (const resource of resources) {
        const child = this.#fileOf(resource);
        this.#parents.set(child, [...(this.#parents.get(child) ?? []), uri]);
      }
    }
    this.patchFiles = new Set([...kustomizations.values()].flatMap(({ patchFiles }) => patchFiles));
  }

  /** Everything that is applied together with a file: at least the file itself. */
  scopeOf(uri: string): FileScope {
    const known = this.#scopes.get(uri);
    if (known) return known;
    const made = this.#findScope(uri);
    this.#scopes.set(uri, made);
    return made;
  }

  /** The namespaces that kustomizations give to the objects of a file. */
  namespacesOf(uri: string): readonly string[] {
    return [...new Set(this.#lineages(uri).flatMap(({ facts }) => facts.namespace ?? []))];
  }

  affixesOf(uri: string): readonly Affixes[] {
    return this.#lineages(uri).map(({ affixes }) => affixes);
  }

  #fileOf(resource: string): string {
    return kustomizationsIn(resource).find((uri) => this.#kustomizations.has(uri)) ?? resource;
  }

  /** The kustomizations above a file, and the file itself if it is one, nearest first. */
  #lineages(uri: string): readonly Lineage[] {
    const result: Lineage[] = [];
    const climb = (at: string, inner: Affixes, depth: number): void => {
      if (depth > DEPTH_LIMIT) return;
      const facts = this.#kustomizations.get(at);
      const affixes = facts
        ? { prefix: facts.prefix + inner.prefix, suffix: inner.suffix + facts.suffix }
        : { prefix: '', suffix: '' };
      if (facts) result.push({ facts, affixes });
      for (const parent of this.#parents.get(at) ?? []) climb(parent, affixes, depth + 1);
    };
    climb(uri, { prefix: '', suffix: '' }, 0);
    return result;
  }

  #findScope(uri: string): FileScope {
    const above = this.#lineages(uri).map(({ facts }) => facts);
    const uris = new Set([uri]);
    const inside = new Set<KustomizationFacts>(above);
    let isWhole = true;
    for (const kustomization of above) isWhole = this.#collect(kustomization, uris, inside, 0) && isWhole;
    return {
      uris,
      isKustomized: above.length > 0,
      isWhole: isWhole && [...inside].every(({ isPlain }) => isPlain),
      isPatched: [...inside].some(({ isPatching }) => isPatching),
    };
  }

  /** Adds the files below a kustomization; false when one of them is not known. */
  #collect(from: KustomizationFacts, uris: Set<string>, inside: Set<KustomizationFacts>, depth: number): boolean {
    let isWhole = depth <= DEPTH_LIMIT;
    for (const resource of from.resources) {
      const file = this.#fileOf(resource);
      const inner = this.#kustomizations.get(file);
      if (!inner && !this.#isKnownFile(file)) isWhole = false;
      uris.add(file);
      if (inner && !inside.has(inner)) {
        inside.add(inner);
        isWhole = this.#collect(inner, uris, inside, depth + 1) && isWhole;
      }
    }
    for (const [uri, facts] of this.#kustomizations) if (facts === from) uris.add(uri);
    return isWhole;
  }
}
