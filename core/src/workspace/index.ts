import type { ObjectFacts } from '#core/workspace/facts.ts';
import { readFile, type FileFacts, type IndexedObject } from '#core/workspace/fileFacts.ts';
import { KustomizeGraph } from '#core/workspace/kustomizeGraph.ts';
import { DocumentParser, splitDocuments, type DocumentSlice } from '#core/yaml/documents.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';

export type { IndexedObject } from '#core/workspace/fileFacts.ts';

/** Files beyond this count are not indexed; fewer names are known then, and rules that need all of them say nothing. */
const FILE_LIMIT = 5_000;

/** Things that findings can depend on besides the objects of a kind. */
export const UNREAD_TOPIC = ' unread';
export const SCOPE_TOPIC = ' scope';

interface PendingText {
  readonly text: string;
  readonly isOpen: boolean;
}

interface KnownKind {
  readonly objects: readonly IndexedObject[];
  readonly byName: ReadonlyMap<string, readonly IndexedObject[]>;
}

/**
 * What exists in the files of a workspace and what refers to it. A file is read when something is first asked after its text has changed;
 * only facts are kept of it, no tree.
 */
export class WorkspaceIndex {
  readonly #pending = new Map<string, PendingText>();
  readonly #files = new Map<string, FileFacts>();
  readonly #parser: DocumentParser;
  readonly #kinds = new Map<string, KnownKind>();
  readonly #generations = new Map<string, number>();
  #all: readonly IndexedObject[] | undefined;
  #graph: KustomizeGraph | undefined;
  #unread: ReadonlySet<string> | undefined;
  #isFull = false;
  #isReading = false;

  /** @param parser the one that open documents are checked with, so that they are parsed once */
  constructor(parser: DocumentParser = new DocumentParser(200)) {
    this.#parser = parser;
  }

  /** Takes the text of a file that is not open in an editor. */
  update(uri: string, text: string): void {
    this.#take(uri, { text, isOpen: false });
  }

  /** Takes the text of an open document, which is likely to change in parts. */
  edit(uri: string, text: string): void {
    this.#take(uri, { text, isOpen: true });
  }

  remove(uri: string): void {
    this.#pending.delete(uri);
    const known = this.#files.get(uri);
    if (!known) return;
    this.#files.delete(uri);
    this.#changed(known, undefined);
  }

  get size(): number {
    return new Set([...this.#pending.keys(), ...this.#files.keys()]).size;
  }

  /** Whether every file of the workspace is known: it is not being read at the moment, and has no more files than are read. */
  get isWhole(): boolean {
    return !this.#isFull && !this.#isReading;
  }

  /** The files of the workspace are about to come one by one; until they are all there, nothing counts as missing. */
  startReading(): void {
    this.#isReading = true;
    this.#bump(UNREAD_TOPIC);
  }

  /** Reads what has come so far, so that the work is not done in one piece later. */
  readNow(): void {
    this.#read();
  }

  finishReading({ isPartial }: { readonly isPartial: boolean }): void {
    this.#isReading = false;
    this.#isFull ||= isPartial;
    this.#bump(UNREAD_TOPIC);
  }

  /** Every named resource of the workspace. */
  all(): readonly IndexedObject[] {
    this.#read();
    return (this.#all ??= [...this.#files].flatMap(([uri, { objects }]) =>
      this.graph.patchFiles.has(uri) ? [] : objects,
    ));
  }

  ofKind(kind: string): readonly IndexedObject[] {
    return this.#kind(kind).objects;
  }

  named(kind: string, name: string): readonly IndexedObject[] {
    return this.#kind(kind).byName.get(name) ?? [];
  }

  objectsIn(uri: string): readonly IndexedObject[] {
    this.#read();
    return this.#files.get(uri)?.objects ?? [];
  }

  /** Whether a file may hold an object of a kind whose name cannot be read. */
  hasUnread(kind: string): boolean {
    this.#read();
    this.#unread ??= new Set([...this.#files.values()].flatMap(({ unread }) => unread));
    return this.#unread.has(kind) || this.#unread.has('');
  }

  get graph(): KustomizeGraph {
    this.#read();
    if (this.#graph) return this.#graph;
    const kustomizations = new Map(
      [...this.#files].flatMap(([uri, { kustomization }]) => (kustomization ? [[uri, kustomization] as const] : [])),
    );
    return (this.#graph = new KustomizeGraph(kustomizations, (uri) => this.#files.has(uri)));
  }

  /** Grows when anything that rules may compare with changes in objects of a kind, or in another topic. */
  generationOf(topic: string): number {
    this.#read();
    return this.#generations.get(topic) ?? 0;
  }

  #take(uri: string, pending: PendingText): void {
    const isKnown = this.#pending.has(uri) || this.#files.has(uri);
    // The exact count goes through all names, so it is taken near the limit only.
    const isNearLimit = this.#pending.size + this.#files.size >= FILE_LIMIT;
    if (!isKnown && isNearLimit && this.size >= FILE_LIMIT) this.#isFull = true;
    else this.#pending.set(uri, pending);
  }

  #read(): void {
    if (this.#pending.size === 0) return;
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const [uri, { text, isOpen }] of pending) {
      const known = this.#files.get(uri);
      const facts = readFile(uri, text, isOpen ? (all) => this.#parser.parseFile(all) : parseOnce);
      this.#files.set(uri, facts);
      this.#changed(known, facts);
    }
  }

  #kind(kind: string): KnownKind {
    this.#read();
    const known = this.#kinds.get(kind);
    if (known) return known;
    const objects = this.all().filter((object) => object.kind === kind);
    const made = { objects, byName: groupByName(objects) };
    this.#kinds.set(kind, made);
    return made;
  }

  #changed(before: FileFacts | undefined, after: FileFacts | undefined): void {
    this.#all = undefined;
    for (const { kind } of [...(before?.objects ?? []), ...(after?.objects ?? [])]) this.#kinds.delete(kind);
    for (const kind of changedKinds(before?.objects ?? [], after?.objects ?? [])) this.#bump(kind);
    if (before?.unread.join() !== after?.unread.join()) {
      this.#unread = undefined;
      this.#bump(UNREAD_TOPIC);
    }
    const isListed = before === undefined || after === undefined;
    if (!isListed && !before.kustomization && !after.kustomization) return;
    this.#graph = undefined;
    this.#kinds.clear();
    this.#bump(SCOPE_TOPIC);
  }

  #bump(topic: string): void {
    this.#generations.set(topic, (this.#generations.get(topic) ?? 0) + 1);
  }
}

function groupByName(objects: readonly IndexedObject[]): ReadonlyMap<string, readonly IndexedObject[]> {
  const groups = new Map<string, IndexedObject[]>();
  for (const object of objects) {
    const group = groups.get(object.name);
    if (group) group.push(object);
    else groups.set(object.name, [object]);
  }
  return groups;
}

function parseOnce(text: string): readonly DocumentSlice[] {
  return splitDocuments(text).map(({ start, end }, index) => ({
    index,
    offset: start,
    document: parseDocumentText(text.slice(start, end)),
  }));
}

/** Kinds of which objects came, went, or say something else now. That they moved in their file is no change. */
function changedKinds(before: readonly IndexedObject[], after: readonly IndexedObject[]): ReadonlySet<string> {
  const [old, now] = [new Set(before.map(({ facts }) => facts)), new Set(after.map(({ facts }) => facts))];
  const gone = [...old].filter((facts) => !now.has(facts));
  const come = [...now].filter((facts) => !old.has(facts));
  const [was, is] = [new Set(gone.map(signature)), new Set(come.map(signature))];
  const changed = [
    ...gone.filter((facts) => !is.has(signature(facts))),
    ...come.filter((facts) => !was.has(signature(facts))),
  ];
  return new Set(changed.map(({ kind }) => kind));
}

const signatures = new WeakMap<ObjectFacts, string>();

/** Everything an object tells, without places. */
function signature(facts: ObjectFacts): string {
  const known = signatures.get(facts);
  if (known !== undefined) return known;
  const made = JSON.stringify(facts, (key, value: unknown) => (isPlace(key) ? undefined : value));
  signatures.set(facts, made);
  return made;
}

function isPlace(key: string): boolean {
  return key === 'range' || key === 'lines' || key.endsWith('Place') || key === 'path' || key === 'prefix';
}
