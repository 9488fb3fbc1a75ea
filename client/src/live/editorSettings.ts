import * as vscode from 'vscode';
import { readLiveSettings, type LiveSettings } from '#core/live/liveSettings.ts';
import type { Log } from '#core/ports.ts';
import { SETTINGS_SECTION } from '#core/settings.ts';

const protectingKeys = ['protectedContexts', 'readOnlyContexts'] as const;

/** The settings about live clusters as they are now; read again when they change. Values that cannot be used are logged. */
export class EditorLiveSettings implements vscode.Disposable {
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listener: vscode.Disposable;
  #settings: LiveSettings | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(log: Log) {
    this.#log = log;
    this.#listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(SETTINGS_SECTION)) return;
      this.#settings = undefined;
      this.#changed.fire();
    });
  }

  get current(): LiveSettings {
    return (this.#settings ??= this.#read());
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  #read(): LiveSettings {
    const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION);
    const levelsOf = (key: (typeof protectingKeys)[number]): readonly unknown[] => {
      const found = configuration.inspect<unknown>(key);
      const { globalValue, workspaceValue, workspaceFolderValue } = found ?? {};
      return [globalValue, workspaceValue, workspaceFolderValue];
    };
    const keys = ['kubeconfig', 'namespaces', 'inside'] as const;
    const section = Object.fromEntries(keys.map((key) => [key, configuration.get<unknown>(key)]));
    const { settings, problems } = readLiveSettings(section, {
      protectedContexts: levelsOf('protectedContexts'),
      readOnlyContexts: levelsOf('readOnlyContexts'),
    });
    for (const problem of problems) this.#log.warn(problem);
    return settings;
  }
}
