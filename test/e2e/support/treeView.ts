import type { Locator, Page } from 'playwright-core';
import { waitFor } from './waiting.ts';

/** The Data Clusters view in the side bar: rows by what a screen reader says of them. */
export class TreeView {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Shows the view, as a click on its icon does. */
  async open(): Promise<void> {
    const icon = this.#page.locator('.activitybar .action-label[aria-label^="Data Clusters"]');
    if ((await icon.getAttribute('aria-expanded')) !== 'true') await icon.click();
    await this.#page.locator('.sidebar .composite.title', { hasText: 'Data Clusters' }).waitFor();
  }

  /** What the visible rows say, from top to bottom. */
  async texts(): Promise<readonly string[]> {
    return await this.#rows().evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** The first row whose words match; waits until there is one, with what is shown instead when there is none. */
  async row(pattern: RegExp, limit?: number): Promise<Locator> {
    const position = await waitFor(
      `a row ${pattern.source}`,
      async () => {
        const index = (await this.texts()).findIndex((text) => pattern.test(text));
        return index < 0 ? undefined : index;
      },
      async () => `Shown are:\n${(await this.texts()).join('\n')}`,
      limit,
    );
    return this.#rows().nth(position);
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
      if ((await row.getAttribute('aria-expanded')) === 'true') return true;
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
    const row = await this.row(pattern);
    await row.locator('.monaco-tl-contents').click();
  }

  /** Chooses an entry of a row's context menu. */
  async choose(pattern: RegExp, entry: string): Promise<void> {
    const item = this.#page.locator('.context-view .monaco-menu .action-item', { hasText: entry }).first();
    await waitFor(`the menu entry ${entry}`, async () => {
      const row = await this.row(pattern);
      await row.locator('.monaco-tl-contents').click({ button: 'right' });
      const isThere = await item.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (!isThere) await this.#page.keyboard.press('Escape');
      return isThere ? true : undefined;
    });
    await item.click();
  }

  #rows(): Locator {
    return this.#page.locator('.sidebar .monaco-list-row[role="treeitem"]');
  }
}
