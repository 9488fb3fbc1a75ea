import { textOf, type DetailElement } from '#core/live/detail/html.ts';

/** The part of a webview panel of the editor that a page of details uses. */
export class FakePanel {
  static readonly all: FakePanel[] = [];

  visible = true;
  revealed = 0;
  text = '';
  tree: DetailElement | undefined;
  /** What the editor would give back after the window was loaded anew. */
  state: unknown;
  iconPath: unknown;
  readonly title: string;
  readonly #listeners = new Map<string, (message?: unknown) => void>();
  readonly webview = {
    html: '',
    cspSource: 'https://editor.invalid',
    asWebviewUri: (uri: unknown) => uri,
    onDidReceiveMessage: (listener: (message?: unknown) => void) => this.#listeners.set('message', listener),
    options: {},
    postMessage: ({ tree, state }: { readonly tree: DetailElement; readonly state?: unknown }) => {
      this.tree = tree;
      this.text = textOf(tree).replaceAll(/ {2,}/g, ' ');
      if (state !== undefined) this.state = state;
    },
  };

  constructor(title: string) {
    this.title = title;
    FakePanel.all.push(this);
  }

  onDidChangeViewState(listener: () => void): void {
    this.#listeners.set('view', listener);
  }

  onDidDispose(listener: () => void): void {
    this.#listeners.set('dispose', listener);
  }

  reveal(): void {
    this.revealed += 1;
  }

  dispose(): void {
    this.#listeners.get('dispose')?.();
  }

  /** As if the user chose another tab, or this one again. */
  look(isVisible: boolean): void {
    this.visible = isVisible;
    this.#listeners.get('view')?.();
  }

  /** As if the page had sent it. */
  send(message: unknown): void {
    this.#listeners.get('message')?.(message);
  }
}

export const fakeEditor = {
  ViewColumn: { Active: -1 },
  Uri: { joinPath: (base: unknown, ...parts: readonly string[]) => [String(base), ...parts].join('/') },
  window: { createWebviewPanel: (_type: string, title: string) => new FakePanel(title) },
};
