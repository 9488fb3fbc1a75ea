import * as vscode from 'vscode';
import { contextKeys, VIEW_ID } from '#client/contributions.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import type { ClusterTree } from '#client/views/clusters/clusterTree.ts';
import { toTreeItem } from '#client/views/clusters/treeItem.ts';
import { welcomeReason } from '#client/views/clusters/welcome.ts';
import type { LiveTarget } from '#core/live/target.ts';
import type { RowPlace, WantedObject } from '#core/live/tree/find.ts';
import { NO_FILTER, type TreeFilter } from '#core/live/tree/input.ts';
import type { TreeElement } from '#core/live/tree/row.ts';
import type { Log } from '#core/ports.ts';

/** Ages of rows are in minutes, so they are drawn again as often, in milliseconds. */
const AGE_MS = 60_000;

export interface ClustersViewParts {
  readonly contexts: LiveContexts;
  readonly tree: ClusterTree;
  /** Number of kubeconfig files that the setting names. */
  readonly chosenFiles: () => number;
  readonly log: Log;
}

/** The view of data clusters in the side bar. Kubeconfig files are read when it is first seen. */
export class ClustersView implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  readonly #parts: ClustersViewParts;
  readonly #changed = new vscode.EventEmitter<TreeElement[] | undefined>();
  readonly #view: vscode.TreeView<TreeElement>;
  readonly #listeners: vscode.Disposable;
  #keys: Readonly<Record<string, unknown>> = {};
  #ages: NodeJS.Timeout | undefined;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(parts: ClustersViewParts) {
    const { contexts, tree } = parts;
    this.#parts = parts;
    this.#view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    const changes = contexts.onDidChange(() => this.draw());
    this.#listeners = vscode.Disposable.from(
      this.#view,
      this.#changed,
      { dispose: () => clearInterval(this.#ages) },
      { dispose: () => changes.stop() },
      this.#view.onDidChangeVisibility(({ visible }) => this.#look(visible)),
      this.#view.onDidExpandElement(({ element }) => tree.expanded(element)),
      this.#view.onDidCollapseElement(({ element }) => tree.collapsed(element)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#look(this.#view.visible)),
    );
    this.#look(this.#view.visible);
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    return toTreeItem(element.row);
  }

  getChildren(element?: TreeElement): TreeElement[] {
    return [...this.#parts.tree.children(element)];
  }

  getParent(element: TreeElement): TreeElement | undefined {
    return this.#parts.tree.parent(element);
  }

  /** What a command is about when it is not run from a row. */
  get selected(): TreeElement | undefined {
    return this.#view.selection[0];
  }

  get filter(): TreeFilter {
    return this.#parts.tree.filter;
  }

  setFilter(filter: TreeFilter): void {
    this.#parts.tree.setFilter(filter);
    this.draw();
  }

  setFavourite(id: string, isFavourite: boolean): void {
    this.#parts.tree.setFavourite(id, isFavourite);
    this.draw();
  }

  /** Places of an object in the connected contexts, whether they are drawn or not. */
  find(wanted: WantedObject): readonly RowPlace[] {
    return this.#parts.tree.find(wanted);
  }

  /** Shows the view and selects a row in it; a filter that hides the row is taken away. False when there is no such row. */
  async reveal(place: Pick<RowPlace, 'path'>, options: { readonly expand?: boolean } = {}): Promise<boolean> {
    const { tree } = this.#parts;
    this.draw();
    if (!tree.elementAt(place)) this.setFilter(NO_FILTER);
    const element = tree.elementAt(place);
    if (!element) return false;
    await this.#view.reveal(element, { select: true, focus: true, expand: options.expand ?? false });
    return true;
  }

  /** Shows the row of what an action was about, where there is one. */
  async revealTarget(target: LiveTarget): Promise<void> {
    const place = this.#parts.tree.placeOf(target);
    if (place) await this.reveal(place);
  }

  /** Draws what has changed, and nothing else. */
  draw(): void {
    const { tree } = this.#parts;
    const changed = tree.refresh();
    const elements = changed.filter((element) => element !== undefined);
    if (elements.length < changed.length) this.#changed.fire(undefined);
    else if (elements.length > 0) this.#changed.fire(elements);
    const { message, badge } = tree;
    if (this.#view.message !== message) this.#view.message = message ?? '';
    if (this.#view.badge?.value !== badge?.value) this.#view.badge = badge;
    this.#setKeys();
  }

  dispose(): void {
    this.#listeners.dispose();
  }

  #look(isVisible: boolean): void {
    clearInterval(this.#ages);
    if (!isVisible) return;
    this.#ages = setInterval(() => this.draw(), AGE_MS);
    this.#parts.contexts.open().catch((error: unknown) => {
      this.#parts.log.error('The kubeconfig files could not be read.', error);
      this.#view.message = 'The kubeconfig files could not be read. The log has the details.';
    });
  }

  #setKeys(): void {
    const { contexts, tree, chosenFiles } = this.#parts;
    const keys = {
      [contextKeys.welcome]: welcomeReason({
        state: contexts.state,
        contexts: contexts.contexts.length,
        chosenFiles: chosenFiles(),
      }),
      [contextKeys.filtered]: tree.filter.text !== '',
      [contextKeys.onlyUnhealthy]: tree.filter.onlyUnhealthy,
    };
    for (const [key, value] of Object.entries(keys)) {
      if (this.#keys[key] !== value) void vscode.commands.executeCommand('setContext', key, value);
    }
    this.#keys = keys;
  }
}
