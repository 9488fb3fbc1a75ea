import { fakeEditor as panels } from '#test/client/detail/fakePanel.ts';

type Listener = (event: never) => void;

/** What previews hear of the editor. */
export class Events {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(name: string) {
    return (listener: Listener) => {
      const listeners = this.#listeners.get(name) ?? new Set();
      this.#listeners.set(name, listeners.add(listener));
      return { dispose: () => listeners.delete(listener) };
    };
  }

  fire(name: string, event: unknown): void {
    // The listeners take what the test gives them.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    for (const listener of this.#listeners.get(name) ?? []) listener(event as never);
  }

  get listening(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

export const events = new Events();

export const fakeEditor = {
  ...panels,
  ViewColumn: { Active: -1, Beside: -2 },
  Disposable: {
    from: (...all: readonly { dispose: () => void }[]) => ({
      dispose: () => {
        for (const one of all) one.dispose();
      },
    }),
  },
  workspace: {
    onDidChangeTextDocument: events.on('change'),
    onDidCloseTextDocument: events.on('close'),
  },
  window: { ...panels.window, onDidChangeTextEditorSelection: events.on('selection') },
};
