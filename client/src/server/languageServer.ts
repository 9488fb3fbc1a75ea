import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { launchClient, type ClientSetup, type RunningServer } from '#client/server/launchClient.ts';
import { sendCustomNotification, sendCustomRequest } from '#client/server/requests.ts';
import { defaultRestartLimits } from '#client/server/restartPolicy.ts';
import { ServerSupervisor, type ServerState } from '#client/server/supervisor.ts';
import type { CustomNotification, CustomRequest, ServerStatus } from '#core/protocol.ts';

export type LanguageServerSetup = Omit<ClientSetup, 'onStatus'>;

/** The language server as the rest of the extension sees it: start it, ask it, hear of its state. */
export class LanguageServer implements vscode.Disposable {
  readonly #supervisor: ServerSupervisor<RunningServer>;
  readonly #stateEmitter = new vscode.EventEmitter<ServerState>();
  readonly #statusEmitter = new vscode.EventEmitter<ServerStatus>();
  #status: ServerStatus | undefined;

  constructor(setup: LanguageServerSetup) {
    const full: ClientSetup = { ...setup, onStatus: (status) => this.#setStatus(status) };
    this.#supervisor = new ServerSupervisor((onEnded) => launchClient(full, onEnded), {
      limits: defaultRestartLimits,
      now: Date.now,
      delay,
      onState: (state) => this.#announce(state),
    });
  }

  readonly onDidChangeState = this.#stateEmitter.event;
  readonly onDidChangeStatus = this.#statusEmitter.event;

  get state(): ServerState {
    return this.#supervisor.state;
  }

  /** What the running server last told about itself. */
  get status(): ServerStatus | undefined {
    return this.#status;
  }

  /** Resolves with whether the server runs. */
  async start(): Promise<boolean> {
    return (await this.#supervisor.start()) !== undefined;
  }

  async restart(): Promise<boolean> {
    return (await this.#supervisor.restart()) !== undefined;
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop();
  }

  /** Undefined when no server runs. */
  async request<Params, Result>(
    request: CustomRequest<Params, Result>,
    params: Params,
    token?: vscode.CancellationToken,
  ): Promise<Result | undefined> {
    const client = this.#client;
    return client && sendCustomRequest(client, request, params, token);
  }

  /** Does nothing when no server runs: a server hears the current state when it starts. */
  async notify<Params>(notification: CustomNotification<Params>, params: Params): Promise<void> {
    const client = this.#client;
    if (client) await sendCustomNotification(client, notification, params);
  }

  dispose(): void {
    this.#stateEmitter.dispose();
    this.#statusEmitter.dispose();
    void this.#supervisor.stop();
  }

  get #client(): LanguageClient | undefined {
    return this.#supervisor.life?.client;
  }

  #announce(state: ServerState): void {
    if (state.kind !== 'running') this.#status = undefined;
    this.#stateEmitter.fire(state);
  }

  #setStatus(status: ServerStatus): void {
    this.#status = status;
    this.#statusEmitter.fire(status);
  }
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
