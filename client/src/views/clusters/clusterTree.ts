import type { LiveContexts } from '#client/live/liveContexts.ts';
import type { InsideMode } from '#core/live/liveSettings.ts';
import { counted } from '#core/live/plainText.ts';
import type { Clock } from '#core/live/ports.ts';
import type { LiveTarget } from '#core/live/target.ts';
import { countUnhealthy, describeFilter } from '#core/live/tree/filter.ts';
import { findObject, type RowPlace, type WantedObject } from '#core/live/tree/find.ts';
import { placeOfTarget } from '#core/live/tree/findTarget.ts';
import { NO_FILTER, type TreeFilter, type TreeInput } from '#core/live/tree/input.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import type { TreeElement, TreeRow, RowTarget } from '#core/live/tree/row.ts';

/** Where the ids of favourites are kept between sessions. */
export interface FavouriteStore {
  read(): readonly string[];
  write(ids: readonly string[]): void;
}

export interface ClusterTreeParts {
  readonly contexts: LiveContexts;
  readonly favourites: FavouriteStore;
  readonly clock: Clock;
  readonly inside: () => InsideMode;
}

/** What goes on because a row is open, and how it ends. */
interface OpenRow {
  readonly end: () => void;
}

/** The view of live clusters without an editor: rows, filter, favourites, and what opening and closing a row means. */
export class ClusterTree {
  readonly #parts: ClusterTreeParts;
  readonly #model: TreeModel;
  readonly #elements = new Map<string, Element>();
  readonly #open = new Map<string, OpenRow>();
  #favourites: ReadonlySet<string>;
  #filter: TreeFilter = NO_FILTER;
  /** The same function each time, so that rows are known to be the same. */
  readonly #isAskable: TreeInput['isAskable'] = (cluster) => this.#parts.contexts.isAskable(cluster);
  readonly #offers: TreeInput['offers'] = (cluster) => this.#parts.contexts.offers(cluster);

  constructor(parts: ClusterTreeParts) {
    this.#parts = parts;
    this.#favourites = new Set(parts.favourites.read());
    this.#model = new TreeModel(() => this.#input());
  }

  get filter(): TreeFilter {
    return this.#filter;
  }

  /** Call `refresh` afterwards. */
  setFilter(filter: TreeFilter): void {
    this.#filter = filter;
  }

  /** Above the tree while a filter hides something. */
  get message(): string | undefined {
    return describeFilter(this.#input());
  }

  /** On the icon of the view. */
  get badge(): { readonly value: number; readonly tooltip: string } | undefined {
    const value = countUnhealthy(this.#parts.contexts.contexts);
    if (value === 0) return undefined;
    return { value, tooltip: `${counted(value, 'data cluster')} ${value === 1 ? 'is' : 'are'} unhealthy` };
  }

  /** Call `refresh` afterwards. */
  setFavourite(id: string, isFavourite: boolean): void {
    const favourites = new Set(this.#favourites);
    if (isFavourite) favourites.add(id);
    else favourites.delete(id);
    this.#favourites = favourites;
    this.#parts.favourites.write([...favourites]);
  }

  children(element: TreeElement | undefined): readonly TreeElement[] {
    return this.#model.childrenOf(element?.id).map((row) => this.#elementOf(row));
  }

  parent(element: TreeElement): TreeElement | undefined {
    const row = element.row.parent === undefined ? undefined : this.#model.row(element.row.parent);
    return row && this.#elementOf(row);
  }

  /** The elements to draw again with what is below them; undefined among them is the whole tree. */
  refresh(): readonly (TreeElement | undefined)[] {
    const changed = this.#model.refresh();
    this.#forgetGone();
    return changed.flatMap((id) => {
      if (id === undefined) return [undefined];
      const element = this.#elements.get(id);
      return element ? [element] : [];
    });
  }

  /** Whether the last refresh held something back, so that another one is due after SUMMARY_MS. */
  get isBehind(): boolean {
    return this.#model.isBehind;
  }

  /** Places of an object in the connected contexts. */
  find(wanted: WantedObject): readonly RowPlace[] {
    return findObject(this.#parts.contexts.contexts, wanted);
  }

  /** The place of what an action was about; undefined when nothing stands for it. */
  placeOf(target: LiveTarget): Pick<RowPlace, 'path'> | undefined {
    return placeOfTarget(this.#parts.contexts.contexts, target);
  }

  /** The element at a place; undefined while a filter hides it. */
  elementAt({ path }: Pick<RowPlace, 'path'>): TreeElement | undefined {
    const row = this.#model.find(path);
    return row && this.#elementOf(row);
  }

  /** The user has opened a row. Contexts connect, events come, and systems are asked where the setting says so. */
  expanded({ row }: TreeElement): void {
    const { target, id } = row;
    const { contexts } = this.#parts;
    // Why it cannot be connected is told by the row.
    if (target.kind === 'context') contexts.connect(target.context).catch(() => undefined);
    if (target.kind === 'dataCluster' && this.#parts.inside() === 'whenExpanded' && row.flags.includes('askable')) {
      const { context, key } = target;
      contexts.connected(context)?.keepAsking(key, 'expanded');
      this.#open.set(id, { end: () => contexts.connected(context)?.stopAsking(key, 'expanded') });
    }
    if (target.kind === 'release') {
      const { context, namespace, name } = target;
      const open = contexts.connected(context);
      const release = open?.watch.view.releases.find((one) => one.namespace === namespace && one.name === name);
      // What cannot be read is left out of the rows.
      if (open && release) open.revisions.open(release).catch(() => undefined);
      if (open) this.#open.set(id, { end: () => open.revisions.close(target) });
    }
    if (row.kind === 'events' && target.kind === 'none' && target.context !== undefined && target.key !== undefined) {
      const { context, key } = target;
      contexts.connected(context)?.showEvents(key);
      this.#open.set(id, { end: () => contexts.connected(context)?.hideEvents(key) });
    }
  }

  collapsed({ row }: TreeElement): void {
    if (row.target.kind === 'context') this.#parts.contexts.collapse(row.target.context);
    this.#end(row.id);
  }

  #end(id: string): void {
    this.#open.get(id)?.end();
    this.#open.delete(id);
  }

  /** A row that is gone is not closed by anybody. */
  #forgetGone(): void {
    for (const id of this.#elements.keys()) if (!this.#model.row(id)) this.#elements.delete(id);
    for (const id of this.#open.keys()) if (!this.#model.row(id)) this.#end(id);
  }

  #elementOf(row: TreeRow): Element {
    const known = this.#elements.get(row.id);
    if (known) return known;
    const element = new Element(row, this.#model);
    this.#elements.set(row.id, element);
    return element;
  }

  #input(): TreeInput {
    const { contexts, clock } = this.#parts;
    return {
      contexts: contexts.contexts,
      filter: this.#filter,
      favourites: this.#favourites,
      isAskable: this.#isAskable,
      offers: this.#offers,
      now: clock.now(),
    };
  }
}

/** Editors tell rows by identity, so there is one element a row for as long as the row is there. */
class Element implements TreeElement {
  readonly id: string;
  readonly #first: TreeRow;
  readonly #model: TreeModel;

  constructor(row: TreeRow, model: TreeModel) {
    this.id = row.id;
    this.#first = row;
    this.#model = model;
  }

  get row(): TreeRow {
    return this.#model.row(this.id) ?? this.#first;
  }

  get target(): RowTarget {
    return this.row.target;
  }
}
