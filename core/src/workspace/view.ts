import type { ObjectFacts } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { SCOPE_TOPIC, UNREAD_TOPIC, type WorkspaceIndex } from '#core/workspace/index.ts';
import type { FileScope } from '#core/workspace/kustomizeGraph.ts';
import { mayBeTarget } from '#core/workspace/referenceTable.ts';

/** Kinds with pods whose labels are known from a template. */
export const WORKLOAD_KINDS = [
  'StatefulSet',
  'Deployment',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'CronJob',
  'Pod',
] as const;

/** The workspace as one object sees it. It remembers what was asked, so that an answer is worth as long as nothing of that changes. */
export class WorkspaceView {
  /** What the index knows of the object itself. */
  readonly self: ObjectFacts;
  readonly uri: string;
  readonly #index: WorkspaceIndex;
  readonly #topics: Set<string>;

  constructor(self: ObjectFacts, uri: string, index: WorkspaceIndex, topics: Set<string>) {
    this.self = self;
    this.uri = uri;
    this.#index = index;
    this.#topics = topics;
  }

  /** Objects of a kind that may stand in the same namespace, this one among them. */
  ofKind(kind: string): readonly IndexedObject[] {
    this.#topics.add(kind);
    return this.#index.ofKind(kind).filter((object) => this.#mayBeNear(object));
  }

  /** What a name may mean: objects that are applied together with this one before others. */
  named(kind: string, name: string, namespace: string | undefined = this.self.namespace): readonly IndexedObject[] {
    this.#topics.add(kind);
    const all = this.#index
      .named(kind, name)
      .filter((object) => mayBeTarget(kind, object.group) && this.#mayBeIn(object, namespace));
    const { uris } = this.scope;
    const near = all.filter(({ uri }) => uris.has(uri));
    return near.length > 0 ? near : all;
  }

  /** Whether an object of that name is there, also under the name that a kustomization gives it. */
  exists(kind: string, name: string, namespace: string | undefined = this.self.namespace): boolean {
    if (this.named(kind, name, namespace).length > 0) return true;
    this.#topics.add(SCOPE_TOPIC);
    return this.#index.ofKind(kind).some((object) => this.#isRenamedTo(object, name));
  }

  /** Whether all objects of a kind can be named: none is broken, filled in by a program, or in a file too many. */
  isCertain(kind: string): boolean {
    this.#topics.add(UNREAD_TOPIC);
    return this.#index.isWhole && !this.#index.hasUnread(kind);
  }

  /** What is applied together with this object. */
  get scope(): FileScope {
    this.#topics.add(SCOPE_TOPIC);
    return this.#index.graph.scopeOf(this.uri);
  }

  /** Whether fields of an object may be other ones in the end than where it is written. */
  isPatched({ uri }: IndexedObject): boolean {
    this.#topics.add(SCOPE_TOPIC);
    return this.#index.graph.scopeOf(uri).isPatched;
  }

  /** Objects of a kind that are applied together with this one. */
  inScope(kind: string): readonly IndexedObject[] {
    const { uris } = this.scope;
    return this.ofKind(kind).filter(({ uri }) => uris.has(uri));
  }

  /** Workloads that are applied together with this object. */
  workloadsInScope(): readonly IndexedObject[] {
    return WORKLOAD_KINDS.flatMap((kind) => this.inScope(kind)).filter(({ hasPods }) => hasPods);
  }

  isSelf(object: IndexedObject): boolean {
    return object.uri === this.uri && object.facts === this.self;
  }

  #mayBeNear(object: IndexedObject): boolean {
    return this.#mayBeIn(object, this.self.namespace);
  }

  /** Whether two objects may be in one namespace; a kustomization that sets namespaces decides for all its files. */
  #mayBeIn(object: IndexedObject, namespace: string | undefined): boolean {
    this.#topics.add(SCOPE_TOPIC);
    const [here, there] = [this.#namespaceOf(this.uri, namespace), this.#namespaceOf(object.uri, object.namespace)];
    return here === undefined || there === undefined || here === there;
  }

  #namespaceOf(uri: string, written: string | undefined): string | undefined {
    const set = this.#index.graph.namespacesOf(uri);
    if (set.length === 0) return written;
    return set.length === 1 ? set[0] : undefined;
  }

  #isRenamedTo(object: IndexedObject, name: string): boolean {
    if (!name.includes(object.name)) return false;
    const isGenerated = object.prefix.includes('Generator');
    return [{ prefix: '', suffix: '' }, ...this.#index.graph.affixesOf(object.uri)].some(({ prefix, suffix }) => {
      const full = `${prefix}${object.name}${suffix}`;
      return name === full || (isGenerated && name.startsWith(`${full}-`) && /-[a-z0-9]{10}$/.test(name));
    });
  }
}
