import * as vscode from 'vscode';
import { isRepeated, type DiagnosticPlace } from '#client/coexistence/overlap.ts';

type Entry = readonly [vscode.Uri, readonly vscode.Diagnostic[]];

/**
 * A collection that shows all it is given but what another extension says already of the same line. It keeps what it
 * was given, and decides anew when the diagnostics of others or the policy change.
 */
export class FilteredDiagnostics implements vscode.DiagnosticCollection {
  readonly #shown: vscode.DiagnosticCollection;
  readonly #given = new Map<string, Entry>();
  readonly #yieldsSyntax: () => boolean;
  readonly #listener: vscode.Disposable;

  constructor(name: string | undefined, yieldsSyntax: () => boolean) {
    this.#shown = vscode.languages.createDiagnosticCollection(name);
    this.#yieldsSyntax = yieldsSyntax;
    this.#listener = vscode.languages.onDidChangeDiagnostics((event) => {
      for (const uri of event.uris) this.#showAgain(uri);
    });
  }

  get name(): string {
    return this.#shown.name;
  }

  set(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[] | undefined): void;
  set(entries: readonly [vscode.Uri, readonly vscode.Diagnostic[] | undefined][]): void;
  set(
    target: vscode.Uri | readonly [vscode.Uri, readonly vscode.Diagnostic[] | undefined][],
    diagnostics?: readonly vscode.Diagnostic[],
  ): void {
    if (target instanceof vscode.Uri) this.#take(target, diagnostics);
    else for (const [uri, list] of target) this.#take(uri, list);
  }

  delete(uri: vscode.Uri): void {
    this.#take(uri, undefined);
  }

  clear(): void {
    this.#given.clear();
    this.#shown.clear();
  }

  /** What is shown, as everything that reads the collection. */
  get(uri: vscode.Uri): readonly vscode.Diagnostic[] | undefined {
    return this.#shown.get(uri);
  }

  has(uri: vscode.Uri): boolean {
    return this.#shown.has(uri);
  }

  forEach(
    callback: (
      uri: vscode.Uri,
      diagnostics: readonly vscode.Diagnostic[],
      collection: vscode.DiagnosticCollection,
    ) => unknown,
  ): void {
    for (const [uri, diagnostics] of this.#shown) callback(uri, diagnostics, this);
  }

  [Symbol.iterator](): Iterator<[vscode.Uri, readonly vscode.Diagnostic[]]> {
    return this.#shown[Symbol.iterator]();
  }

  dispose(): void {
    this.#listener.dispose();
    this.#given.clear();
    this.#shown.dispose();
  }

  /** Decides anew for every file, after the policy has changed. */
  refresh(): void {
    for (const [uri] of this.#given.values()) this.#showAgain(uri);
  }

  #take(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[] | undefined): void {
    if (!diagnostics) {
      this.#given.delete(uri.toString());
      this.#shown.delete(uri);
      return;
    }
    this.#given.set(uri.toString(), [uri, diagnostics]);
    this.#shown.set(uri, this.#withoutRepeated(uri, diagnostics));
  }

  /** Our own changes are announced too, so nothing may be set when nothing differs. */
  #showAgain(uri: vscode.Uri): void {
    const given = this.#given.get(uri.toString());
    if (!given) return;
    const next = this.#withoutRepeated(uri, given[1]);
    if (next.length !== this.#shown.get(uri)?.length) this.#shown.set(uri, next);
  }

  #withoutRepeated(uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]): readonly vscode.Diagnostic[] {
    if (!this.#yieldsSyntax()) return diagnostics;
    const all = vscode.languages.getDiagnostics(uri).map(toPlace);
    return diagnostics.filter((diagnostic) => !isRepeated(toPlace(diagnostic), all));
  }
}

function toPlace(diagnostic: vscode.Diagnostic): DiagnosticPlace {
  const { code } = diagnostic;
  const value = typeof code === 'object' ? code.value : code;
  return {
    code: value === undefined ? undefined : String(value),
    source: diagnostic.source,
    startLine: diagnostic.range.start.line,
  };
}
