import * as vscode from 'vscode';
import type { CompareArguments } from '#client/actions/checks/compareCommand.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import { commandIds, settingName } from '#client/contributions.ts';
import { documentFilters } from '#client/documents/selector.ts';
import { inPick } from '#client/ui/untrusted.ts';
import { readManifest, type ManifestReading } from '#core/live/manifestObjects.ts';
import { lensesFor, type ManifestLens } from '#core/live/manifestLens.ts';
import type { Stoppable } from '#core/live/ports.ts';
import { LIVE_SCHEME } from '#core/protocol.ts';

/** Changes of a cluster within this time redraw lenses once, in milliseconds. */
const REDRAW_MS = 1_000;

/** Says above a manifest how its object is in the clusters that are connected; contacts nothing by itself. */
export class LiveLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #deps: ActionDeps;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #registration: vscode.Disposable;
  readonly #watching: Stoppable;
  readonly #readings = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly reading: ManifestReading }
  >();
  #redraw: Stoppable | undefined;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(deps: ActionDeps) {
    this.#deps = deps;
    const selector = documentFilters.filter(({ scheme }) => scheme !== LIVE_SCHEME).map((filter) => ({ ...filter }));
    this.#registration = vscode.languages.registerCodeLensProvider(selector, this);
    this.#watching = deps.onDidChangeViews(() => {
      this.#redraw ??= deps.clock.after(REDRAW_MS, () => {
        this.#redraw = undefined;
        this.#changed.fire();
      });
    });
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const isWanted = vscode.workspace
      .getConfiguration(undefined, document.uri)
      .get(settingName('codeLens.enabled'), true);
    const contexts = this.#deps.connectedContexts().flatMap((name) => {
      const view = this.#deps.viewOf(name);
      return view ? [{ name, view }] : [];
    });
    if (!isWanted || contexts.length === 0) return [];
    return lensesFor(this.#read(document).objects, contexts).flatMap((lens) => toLenses(lens, document));
  }

  dispose(): void {
    this.#redraw?.stop();
    this.#watching.stop();
    this.#registration.dispose();
    this.#changed.dispose();
  }

  #read(document: vscode.TextDocument): ManifestReading {
    const known = this.#readings.get(document);
    if (known?.version === document.version) return known.reading;
    const reading = readManifest(document.getText());
    this.#readings.set(document, { version: document.version, reading });
    return reading;
  }
}

function toLenses({ start, title, row, object }: ManifestLens, document: vscode.TextDocument): vscode.CodeLens[] {
  const { line } = document.positionAt(start);
  const range = new vscode.Range(line, 0, line, 0);
  const compare: CompareArguments = [object, start];
  return [
    new vscode.CodeLens(range, { title: inPick(title), command: commandIds.revealInView, arguments: [row] }),
    new vscode.CodeLens(range, { title: 'Compare', command: commandIds.compareWithCluster, arguments: [...compare] }),
  ];
}
