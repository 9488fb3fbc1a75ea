import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { TreeView } from '#test/e2e/support/treeView.ts';

/** An editor of one row whose menu closes over clicks: the first so many are lost, as those of a loaded machine are. */
class FakeEditor {
  isOpen = false;
  clicks = 0;
  taken = 0;
  lost: number;

  constructor(lost: number) {
    this.lost = lost;
  }

  get page(): Page {
    const fake = {
      locator: (selector: string) => (selector.startsWith('.context-view') ? this.#entry() : this.#row()),
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tree asks a page for nothing else here.
    return fake as unknown as Page;
  }

  #row(): unknown {
    const row: object = {
      first: () => row,
      locator: () => row,
      evaluateAll: () => Promise.resolve(['Node cassandra-2, healthy']),
      click: () => {
        this.isOpen = true;
        return Promise.resolve();
      },
    };
    return row;
  }

  #entry(): unknown {
    const entry: object = {
      first: () => entry,
      isVisible: () => Promise.resolve(this.isOpen),
      waitFor: () => Promise.resolve(),
      click: () => {
        this.isOpen = false;
        this.clicks += 1;
        if (this.clicks > this.lost) this.taken += 1;
        return Promise.resolve();
      },
    };
    return entry;
  }

  choose(opened?: () => Promise<boolean>): Promise<void> {
    return new TreeView(this.page).choose(/^Node cassandra-2, /, 'Safe Restart', opened);
  }
}

describe('an entry of a menu', () => {
  test('is chosen again while nothing comes of it, and not once it was taken', async () => {
    const editor = new FakeEditor(2);
    await editor.choose(() => Promise.resolve(editor.taken > 0));
    expect([editor.clicks, editor.taken]).toEqual([3, 1]);
  });

  test('is chosen once where it is taken at once, and where nobody can tell what it opens', async () => {
    const editor = new FakeEditor(0);
    await editor.choose(() => Promise.resolve(editor.taken > 0));
    expect(editor.clicks).toBe(1);
    const untold = new FakeEditor(1);
    await untold.choose();
    expect(untold.clicks).toBe(1);
  });

  test('is given up after three tries', async () => {
    const editor = new FakeEditor(10);
    await editor.choose(() => Promise.resolve(false));
    expect(editor.clicks).toBe(3);
  });
});
