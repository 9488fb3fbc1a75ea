import type { Locator, Page } from 'playwright-core';
import { waitFor } from './waiting.ts';

/** Width of the side bar in pixels. */
const wideEnough = 560;

/** How often an entry is chosen of which nothing comes. */
const mostTries = 3;

const rows = '.sidebar .monaco-list-row[role="treeitem"]';

/** The Data Clusters view in the side bar: rows by what a screen reader says of them. */
export class TreeView {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Shows the view, as a click on its icon does. */
  async open(): Promise<void> {
    const icon = this.#page.locator('.activitybar .action-label[aria-label^="Data Clusters"]');
    const title = this.#page.locator('.sidebar .composite.title', { hasText: 'Data Clusters' });
    // A click on the icon of the view that is shown hides it.
    if (!(await title.isVisible()) && (await icon.getAttribute('aria-expanded')) !== 'true') await icon.click();
    await title.waitFor();
    await this.#widen();
  }

  /** Drags the border of the side bar, so that pictures show whole sentences. */
  async #widen(): Promise<void> {
    const box = await this.#page.locator('.part.sidebar').boundingBox();
    if (!box || box.width >= wideEnough) return;
    const y = box.y + box.height / 2;
    await this.#page.mouse.move(box.x + box.width, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(box.x + wideEnough + 20, y, { steps: 5 });
    await this.#page.mouse.up();
  }

  /** What the visible rows say, from top to bottom. */
  async texts(): Promise<readonly string[]> {
    return await this.#rows().evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /**
   * The first row whose words match; waits until there is one, with what is shown instead when there is none. It is known by its words
   * from then on and not by its place: rows that come above it would give its place to another one.
   */
  async row(pattern: RegExp, limit?: number): Promise<Locator> {
    const words = await waitFor(
      `a row ${pattern.source}`,
      async () => (await this.texts()).find((text) => pattern.test(text)),
      async () => `Shown are:\n${(await this.texts()).join('\n')}`,
      limit,
    );
    return this.#page.locator(`${rows}[aria-label=${JSON.stringify(words)}]`).first();
  }

  /** Waits until no visible row matches. */
  async without(pattern: RegExp, limit?: number): Promise<void> {
    await waitFor(
      `no row ${pattern.source}`,
      async () => ((await this.texts()).some((text) => pattern.test(text)) ? undefined : true),
      async () => `Shown are:\n${(await this.texts()).join('\n')}`,
      limit,
    );
  }

  /** Selects a row and opens what is below it, by keyboard. */
  async expand(pattern: RegExp): Promise<void> {
    await waitFor(`the row ${pattern.source} to open`, async () => {
      const row = await this.row(pattern);
      const isOpen = row.and(this.#page.locator('[aria-expanded="true"]'));
      if (await isOpen.isVisible()) return true;
      await this.select(pattern);
      await this.#page.keyboard.press('ArrowRight');
      return undefined;
    });
  }

  async collapse(pattern: RegExp): Promise<void> {
    await this.select(pattern);
    await this.#page.keyboard.press('ArrowLeft');
  }

  async select(pattern: RegExp): Promise<void> {
    await waitFor(`the row ${pattern.source} to take a click`, async () => {
      const row = (await this.row(pattern)).locator('.monaco-tl-contents');
      return (await isReached(row.click({ timeout: 3000 }))) ? true : undefined;
    });
  }

  /**
   * Chooses an entry of a row's context menu. Under load a menu may close over a click without having taken it, which looks like one that
   * took it. So an entry that opens something is chosen again when nothing comes of it, which only the caller can tell; without `opened`
   * it is never chosen twice. After the last try it is left to what follows to say what is missing.
   *
   * @param opened whether what the entry opens is there, or comes within a time that is long for it
   */
  async choose(pattern: RegExp, entry: string, opened?: () => Promise<boolean>): Promise<void> {
    for (let tries = 1; tries <= mostTries; tries++) {
      await this.#chooseOnce(pattern, entry);
      if (opened === undefined || (await opened())) return;
    }
  }

  /**
   * A menu takes no click in the first moments after it opened, so it is asked until it closes; one that closed after a click, however late,
   * took it as far as can be seen, and is not opened again over what the entry shows.
   */
  async #chooseOnce(pattern: RegExp, entry: string): Promise<void> {
    const item = this.#page.locator('.context-view .monaco-menu .action-item', { hasText: entry }).first();
    let isClicked = false;
    await waitFor(`the menu entry ${entry}`, async () => {
      if (!(await item.isVisible())) {
        if (isClicked) return true;
        const row = (await this.row(pattern)).locator('.monaco-tl-contents');
        if (!(await isReached(row.click({ button: 'right', timeout: 3000 })))) return this.#clear();
        if (!(await isReached(item.waitFor({ timeout: 3000 })))) return this.#clear();
      }
      if (!(await isReached(item.click({ timeout: 3000 })))) {
        isClicked = false;
        return this.#clear();
      }
      isClicked = true;
      return (await isReached(item.waitFor({ state: 'hidden', timeout: 1000 }))) ? true : undefined;
    });
  }

  /** What hovers over rows and menus goes when the pointer does; a menu that is in the way is closed. */
  async #clear(): Promise<undefined> {
    await this.#page.mouse.move(0, 0);
    await this.#page.keyboard.press('Escape');
  }

  #rows(): Locator {
    return this.#page.locator(rows);
  }
}

const isReached = (state: Promise<void>): Promise<boolean> =>
  state.then(
    () => true,
    () => false,
  );
