import type { FrameLocator, Locator, Page } from 'playwright-core';
import { waitFor } from './waiting.ts';

/** How often Tab is pressed for a button that should be near. */
const mostTabs = 8;

/** Pages of the extension, and the questions it asks: what a user reads and presses. */
export class Pages {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What the page in front says; empty while there is none. */
  async text(): Promise<string> {
    return this.#frame()
      .locator('body')
      .innerText({ timeout: 3000 })
      .catch(() => '');
  }

  /** Waits until the page in front says something, and returns all it says. */
  async says(pattern: RegExp, limit?: number): Promise<string> {
    return waitFor(
      `a page that says ${pattern.source}`,
      async () => {
        const text = await this.text();
        return pattern.test(text) ? text : undefined;
      },
      async () => `It says:\n${await this.text()}\nAsked or told is:\n${await this.#aside()}`,
      limit,
    );
  }

  async press(button: string): Promise<void> {
    await this.#frame().getByRole('button', { name: button, exact: true }).click();
  }

  /** Whether a button is there and cannot be used. */
  async isRefused(button: string): Promise<boolean> {
    const found = this.#frame().getByRole('button', { name: button, exact: true });
    return (await found.getAttribute('aria-disabled')) === 'true';
  }

  /** Opens what is folded below a line that says so. */
  async unfold(text: string | RegExp): Promise<void> {
    const folded = this.#frame().locator('details:not([open]) > summary', { hasText: text });
    await folded.first().click();
  }

  /** Scrolls until a heading is at the top, as far as the page goes. */
  async scrollTo(heading: string): Promise<void> {
    const found = this.#frame().getByRole('heading', { name: heading, exact: true });
    await found.evaluate((element) => element.scrollIntoView());
  }

  /** What has the focus in the page. */
  async focused(): Promise<string> {
    return this.#frame().locator(':focus').first().innerText({ timeout: 3000 });
  }

  /** Goes on with Tab until a button of the page has the focus. */
  async reach(button: string): Promise<void> {
    await this.#reach(button, () => this.#frame().locator(':focus'));
  }

  /** The same among the answers of the dialog above everything. */
  async reachInDialog(button: string): Promise<void> {
    await this.#page.locator('.monaco-dialog-box').waitFor();
    await this.#reach(button, () => this.#page.locator('.monaco-dialog-box :focus'));
  }

  async #reach(button: string, focus: () => Locator): Promise<void> {
    const passed: string[] = [];
    while (passed.length < mostTabs) {
      const [focused = ''] = await focus().allInnerTexts();
      if (focused === button) return;
      passed.push(focused);
      await this.#page.keyboard.press('Tab');
    }
    throw new Error(`The keyboard did not reach ${button}. It passed: ${passed.join(' | ')}`);
  }

  /** What the dialog above everything asks. */
  async dialogText(): Promise<string> {
    return this.#page.locator('.monaco-dialog-box').innerText();
  }

  /** Whether a dialog comes within moments, instead of an input. */
  async hasDialog(): Promise<boolean> {
    const dialog = this.#page.locator('.monaco-dialog-box');
    const input = this.#page.locator('.quick-input-widget');
    await dialog.or(input).locator('visible=true').first().waitFor();
    return dialog.isVisible();
  }

  async answerDialog(button: string): Promise<void> {
    await this.#page.locator('.monaco-dialog-box .monaco-button', { hasText: button }).click();
    await this.#page.locator('.monaco-dialog-box').waitFor({ state: 'hidden' });
  }

  /** Writes into the input in front and takes it. */
  async enter(text: string): Promise<void> {
    const input = this.#page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor({ state: 'visible' });
    await input.fill(text);
    await input.press('Enter');
  }

  /** Waits until title, prompt, complaint or entries of the input in front are as they should be, and returns all it says. */
  async question(pattern: RegExp): Promise<string> {
    const widget = this.#page.locator('.quick-input-widget');
    await widget.waitFor({ state: 'visible' });
    return waitFor(
      `a question ${pattern.source}`,
      async () => {
        const text = await widget.innerText();
        return pattern.test(text) ? text : undefined;
      },
      () => widget.innerText(),
    );
  }

  /** Agrees to what is asked before something is run: by the button, or by the name that the question wants. */
  async agree(button = 'Run'): Promise<void> {
    if (await this.hasDialog()) return this.answerDialog(button);
    const wanted = /Type (\S+) to \w+ it/;
    await this.enter(wanted.exec(await this.question(wanted))?.[1] ?? '');
  }

  /** What an item of the status bar says, by words of it. */
  async status(pattern: RegExp): Promise<string> {
    const items = this.#page.locator('.part.statusbar .statusbar-item');
    return waitFor(
      `a status ${pattern.source}`,
      async () => (await items.allInnerTexts()).find((text) => pattern.test(text)),
      async () => (await items.allInnerTexts()).join(' | '),
    );
  }

  /** Whether anything answers to what was just done, within a time in milliseconds: a page, a question or a message. */
  async isAnswered(limit: number): Promise<boolean> {
    const answered = async (): Promise<true | undefined> =>
      (await this.text()) !== '' || (await this.#aside()) !== '' ? true : undefined;
    return waitFor('an answer', answered, () => '', limit).catch(() => false);
  }

  /** What stands beside the page: questions, dialogs and messages. */
  async #aside(): Promise<string> {
    const parts = this.#page.locator(
      '.quick-input-widget, .monaco-dialog-box, .notification-toast, .context-view .monaco-menu',
    );
    return (await parts.locator('visible=true').allInnerTexts()).join('\n');
  }

  #frame(): FrameLocator {
    return this.#page.frameLocator('iframe.webview >> visible=true').frameLocator('#active-frame');
  }
}
