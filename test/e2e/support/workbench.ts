import type { Locator, Page } from 'playwright-core';
import { Pages } from './pages.ts';
import { TreeView } from './treeView.ts';
import { waitFor } from './waiting.ts';

/** One line of the Problems view, as the editor reads it out. */
export interface Problem {
  readonly text: string;
}

/** The workbench of VS Code in a page: what a user does and sees, in the user's words. */
export class Workbench {
  readonly page: Page;
  readonly tree: TreeView;
  readonly pages: Pages;

  constructor(page: Page) {
    this.page = page;
    this.tree = new TreeView(page);
    this.pages = new Pages(page);
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address, { waitUntil: 'domcontentloaded' });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 90_000 });
  }

  /** Runs the first command whose title contains the text. */
  async runCommand(title: string): Promise<void> {
    await this.#pick('F1', `>${title}`, title);
  }

  /** The same for a command that begins with a question: the question is there or comes. */
  async runAskingCommand(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, title);
  }

  async openFile(name: string): Promise<void> {
    await this.#pick('Control+p', name, name);
    await this.#frontTab(name).waitFor();
    await this.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
  }

  /** Whether a file is shown in front within 5 s; otherwise nothing, for another try. */
  async comesToFront(name: string): Promise<true | undefined> {
    return this.#frontTab(name)
      .waitFor({ timeout: 5000 })
      .then(
        () => true,
        () => undefined,
      );
  }

  /** Puts the cursor at a line and column, both counted from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+g');
    const input = this.#quickInput();
    await input.waitFor({ state: 'visible' });
    await input.fill(`:${line}:${column}`);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 10 });
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** Saves and waits until the tab says that nothing is unsaved. */
  async save(name: string): Promise<void> {
    await this.page.keyboard.press('Control+s');
    await waitFor(`${name} to be saved`, async () => {
      const classes = await this.tab(name).getAttribute('class');
      return classes !== null && !classes.includes('dirty') ? true : undefined;
    });
  }

  #frontTab(name: string): Locator {
    return this.page.locator(`.tab.active[data-resource-name="${name}"]`);
  }

  /** Waits until there is no tab of this name. */
  async tabIsClosed(title: string): Promise<void> {
    await this.#tabCalled(title).waitFor({ state: 'hidden' });
  }

  async closeTab(title: string): Promise<void> {
    const tab = this.#tabCalled(title);
    await tab.hover();
    await tab.locator('.tab-actions .action-label').first().click();
    await this.tabIsClosed(title);
  }

  /** Also of a page, which has no file. */
  #tabCalled(title: string): Locator {
    return this.page.locator('.tab', { has: this.page.getByText(title, { exact: true }) }).first();
  }

  /** Loads the window anew, as the command of that name does: extensions begin again. */
  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 90_000 });
  }

  /** Replaces a text everywhere in the editor in front. */
  async replaceAll(text: string, by: string): Promise<void> {
    const inputs = this.page.locator('.find-widget.visible textarea');
    // An editor that has just come to the front may not have the keyboard yet; the key does nothing more where the widget is there.
    await waitFor('the find widget', async () => {
      await this.page.keyboard.press('Control+h');
      const opening = inputs.nth(1).waitFor({ timeout: 2000 });
      return opening.then(
        () => true,
        () => undefined,
      );
    });
    await inputs.nth(0).fill(text);
    await inputs.nth(1).fill(by);
    await inputs.nth(1).press('Control+Alt+Enter');
    await this.page.keyboard.press('Escape');
  }

  tab(name: string): Locator {
    return this.page.locator(`.tab[data-resource-name="${name}"]`);
  }

  /** Opens the Problems view when it is not open. */
  async showProblems(): Promise<void> {
    const panel = this.page.locator('.markers-panel-container');
    if (!(await panel.isVisible())) await this.page.keyboard.press('Control+Shift+m');
    await panel.waitFor();
  }

  /** The lines that the Problems view shows, without the lines that name a file. */
  async problems(): Promise<readonly Problem[]> {
    const rows = this.page.locator('.markers-panel-container .monaco-list-row');
    const labels = await rows.evaluateAll((found) => found.map((row) => row.getAttribute('aria-label') ?? ''));
    return labels.filter((text) => / at line \d+ and character \d+/.test(text)).map((text) => ({ text }));
  }

  /** The editor's own count of errors, warnings and notes over all files. */
  async problemCount(): Promise<number> {
    const label = await this.page.locator('[id="status.problems"] a').first().getAttribute('aria-label');
    if (label === null || /no problems/i.test(label)) return 0;
    return [...label.matchAll(/\d+/g)].reduce((sum, [digits]) => sum + Number(digits), 0);
  }

  /** Asks for completion and returns the labels in the order shown. */
  async suggestions(): Promise<readonly string[]> {
    await this.page.keyboard.press('Control+Space');
    return await this.shownSuggestions();
  }

  /** The labels of the open completion list. */
  async shownSuggestions(): Promise<readonly string[]> {
    await this.#suggestionRows().first().waitFor();
    return await this.#suggestionRows().evaluateAll((rows) =>
      rows.map((row) => row.querySelector('.label-name')?.textContent ?? row.getAttribute('aria-label') ?? ''),
    );
  }

  /**
   * Types a label into the completion list and takes the entry of that name. The list is asked for again until it has the
   * entry: a language server that is just starting answers a moment later than the snippets of the editor.
   */
  async acceptSuggestion(label: string): Promise<void> {
    await this.type(label);
    await waitFor(`completion to offer ${label}`, async () => {
      const offered = await this.suggestions();
      if (offered.includes(label)) return true;
      await this.page.keyboard.press('Escape');
      return undefined;
    });
    await this.#walkTo(label);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
  }

  /** What the hover at the cursor says; undefined when nothing is shown within moments, as before the server has read the file. */
  async hover(): Promise<string | undefined> {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.press('Control+i');
    const contents = this.page.locator('.monaco-hover:not(.hidden) .hover-contents');
    const isShown = await contents
      .first()
      .waitFor({ timeout: 3000 })
      .then(
        () => true,
        () => false,
      );
    return isShown ? (await contents.allInnerTexts()).join('\n') : undefined;
  }

  /** The titles of the quick fixes at the cursor; the list stays open. */
  async quickFixes(): Promise<readonly string[]> {
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    // The editor closes the list again when the actions of its own asking arrive late.
    await waitFor('the list of fixes', async () => {
      if (!(await rows.first().isVisible())) await this.page.keyboard.press('Control+.');
      return rows
        .first()
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => undefined,
        );
    });
    return await rows.allInnerTexts();
  }

  /** What the messages in the corner say; empty when there is none. */
  async toasts(): Promise<string> {
    return (await this.page.locator('.notifications-toasts .notification-toast').allInnerTexts()).join('\n');
  }

  /** Closes the messages in the corner. */
  async closeToasts(): Promise<void> {
    const toast = this.page.locator('.notifications-toasts .notification-toast').first();
    await waitFor('the messages to be closed', async () => {
      if (!(await toast.isVisible())) return true;
      await toast.hover();
      await toast.locator('.codicon-notifications-clear').click();
      return undefined;
    });
  }

  /** What the active editor shows, as far as it is in view. */
  async editorText(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .editor-instance .monaco-editor .view-lines');
    return (await lines.first().innerText()).replaceAll('\u00a0', ' ');
  }

  /** What editors and terminals show together. */
  async anyText(): Promise<string> {
    const parts = this.page.locator('.view-lines, .xterm-rows');
    return (await parts.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
  }

  /** What the page of an extension shows; empty while there is none. */
  async webviewText(): Promise<string> {
    const frame = this.page.frameLocator('iframe.webview').frameLocator('#active-frame');
    return frame
      .locator('body')
      .innerText({ timeout: 3000 })
      .catch(() => '');
  }

  /** Takes an entry of the list of choices that is there or comes. */
  async pickEntry(text: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', {
      has: this.page.getByText(text, { exact: true }),
    });
    await row.first().click();
  }

  /** What the terminal in front shows. */
  async terminalText(): Promise<string> {
    return (await this.page.locator('.terminal-wrapper.active .xterm-rows').first().innerText()).replaceAll(
      '\u00a0',
      ' ',
    );
  }

  /** Renames what stands at the cursor, everywhere. */
  async rename(name: string): Promise<void> {
    await this.page.keyboard.press('F2');
    const input = this.page.locator('.rename-box input');
    await input.waitFor({ state: 'visible' });
    await input.fill(name);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  async chooseQuickFix(title: string): Promise<void> {
    await this.page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first().click();
  }

  /** What the language status of the editor (the braces in the status bar) says when it is opened. */
  async languageStatus(): Promise<string> {
    await this.page.locator('[id="status.languageStatus"]').hover();
    const details = this.page.locator('.hover-language-status');
    await details.first().waitFor();
    return (await details.allInnerTexts()).join('\n');
  }

  async #walkTo(label: string): Promise<void> {
    const focused = this.page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name');
    for (let moves = 0; moves < 200; moves += 1) {
      if ((await focused.first().textContent()) === label) return;
      await this.page.keyboard.press('ArrowDown');
    }
    throw new Error(`The completion list has "${label}" but the cursor never reached it.`);
  }

  #suggestionRows(): Locator {
    return this.page.locator('.suggest-widget.visible .monaco-list-row');
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type="text"]').first();
  }

  async #pick(key: string, text: string, row: string): Promise<void> {
    await this.#choose(key, text, row);
    await this.#quickInput().waitFor({ state: 'hidden' });
  }

  async #choose(key: string, text: string, row: string): Promise<void> {
    const input = this.#quickInput();
    // A list that is just going takes the key with it, or closes under the text.
    await waitFor('the list of choices', async () => {
      if (!(await input.isVisible())) await this.page.keyboard.press(key);
      return input.fill(text, { timeout: 3000 }).then(
        () => true,
        () => undefined,
      );
    });
    await this.#settledRow(row);
    await input.press('Enter');
  }

  /**
   * Waits until the focused row has the text and the list has stopped changing. Enter takes the focused row: until the list is filtered
   * that is another one, and while it is filled again, as it is once more for results that come late, Enter takes none.
   */
  async #settledRow(text: string): Promise<void> {
    const list = this.page.locator('.quick-input-list');
    const focused = list.locator('.monaco-list-row.focused', { hasText: text }).first();
    let last = '';
    let unchanged = 0;
    await waitFor(`the row ${text}`, async () => {
      const shown = (await focused.isVisible())
        ? (await list.locator('.monaco-list-row').allInnerTexts()).join('\n')
        : '';
      unchanged = shown !== '' && shown === last ? unchanged + 1 : 0;
      last = shown;
      return unchanged >= 6 ? true : undefined;
    });
  }
}
