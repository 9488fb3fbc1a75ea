import type { Connection } from 'vscode-languageserver';
import { readEditorSettings, type EditorSettings } from '#core/editorSettings.ts';
import type { Log } from '#core/ports.ts';
import { SETTINGS_SECTION } from '#core/settings.ts';

/** The settings of a place in the workspace, asked from the client once and remembered until they change. */
export class SettingsSource {
  readonly #connection: Pick<Connection, 'workspace'>;
  readonly #log: Log;
  readonly #canAsk: boolean;
  #pushed: unknown;
  readonly #byScope = new Map<string, Promise<EditorSettings>>();
  readonly #told = new Set<string>();

  /** @param initial settings from `initializationOptions`, for clients that cannot be asked */
  constructor(connection: Pick<Connection, 'workspace'>, log: Log, canAsk: boolean, initial: unknown) {
    this.#connection = connection;
    this.#log = log;
    this.#canAsk = canAsk;
    this.#pushed = initial;
  }

  /** @param scope URI of a workspace folder, empty outside of all */
  of(scope: string): Promise<EditorSettings> {
    const known = this.#byScope.get(scope);
    if (known) return known;
    const settings = this.#fetch(scope);
    this.#byScope.set(scope, settings);
    return settings;
  }

  /** Takes what `workspace/didChangeConfiguration` carries: a whole configuration, a section, or nothing. */
  update(settings: unknown): void {
    this.#byScope.clear();
    if (settings === null || settings === undefined) return;
    this.#pushed = sectionOf(settings) ?? settings;
  }

  async #fetch(scope: string): Promise<EditorSettings> {
    const { settings, problems } = readEditorSettings(await this.#read(scope));
    for (const problem of problems) this.#tellOnce(problem);
    return settings;
  }

  async #read(scope: string): Promise<unknown> {
    if (!this.#canAsk) return sectionOf(this.#pushed) ?? this.#pushed;
    try {
      const item = scope === '' ? { section: SETTINGS_SECTION } : { section: SETTINGS_SECTION, scopeUri: scope };
      const answer: unknown = await this.#connection.workspace.getConfiguration(item);
      return answer ?? this.#pushed;
    } catch (error) {
      this.#log.error('The client did not tell its settings; the defaults are used', error);
      return this.#pushed;
    }
  }

  #tellOnce(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    this.#log.warn(problem);
  }
}

function sectionOf(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null || !(SETTINGS_SECTION in settings)) return undefined;
  return settings[SETTINGS_SECTION];
}
