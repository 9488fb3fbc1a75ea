import * as vscode from 'vscode';
import { FilteredDiagnostics } from '#client/coexistence/filteredDiagnostics.ts';
import { offerCoexistence } from '#client/coexistence/offer.ts';
import { currentPolicy, onDidChangeOthers } from '#client/coexistence/otherExtensions.ts';
import type { CoexistencePolicy } from '#client/coexistence/policy.ts';
import { claimOurFiles } from '#client/coexistence/yamlContributor.ts';
import type { Log } from '#core/ports.ts';
import type { ClientState } from '#core/protocol.ts';

/** Living beside the other extensions that check YAML: follows them and their settings, and keeps to the policy. */
export class Coexistence implements vscode.Disposable {
  readonly #log: Log;
  readonly #memory: vscode.Memento;
  readonly #emitter = new vscode.EventEmitter<ClientState>();
  readonly #collections = new Set<FilteredDiagnostics>();
  readonly #listener: vscode.Disposable;
  #policy: CoexistencePolicy;
  #claimed = false;

  constructor(memory: vscode.Memento, log: Log) {
    this.#memory = memory;
    this.#log = log;
    this.#policy = currentPolicy();
    this.#listener = onDidChangeOthers(() => this.#update());
  }

  readonly onDidChangeState = this.#emitter.event;

  get state(): ClientState {
    return { otherValidators: this.#policy.otherValidators };
  }

  /** Makes the collections the language client fills. */
  readonly diagnostics = {
    create: (name: string | undefined): vscode.DiagnosticCollection => {
      const collection = new FilteredDiagnostics(name, () => this.#policy.yieldSyntax);
      this.#collections.add(collection);
      return collection;
    },
    dispose: (collection: vscode.DiagnosticCollection): void => {
      if (collection instanceof FilteredDiagnostics) this.#collections.delete(collection);
      collection.dispose();
    },
  };

  /** Follows the policy; called when the server is wanted, so that nothing is said in other workspaces. */
  async apply(): Promise<void> {
    const { claimOurFiles: claim, otherValidators } = this.#policy;
    if (claim && !this.#claimed) {
      this.#claimed = true;
      await claimOurFiles(this.#log);
    }
    if (claim && otherValidators) await offerCoexistence(this.#memory);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#emitter.dispose();
    for (const collection of this.#collections) collection.dispose();
  }

  #update(): void {
    const before = this.#policy;
    this.#policy = currentPolicy();
    if (before.otherValidators !== this.#policy.otherValidators) this.#emitter.fire(this.state);
    for (const collection of this.#collections) collection.refresh();
  }
}
