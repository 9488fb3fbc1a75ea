import type { LogOutputChannel } from 'vscode';
import type {
  ErrorHandler,
  LanguageClient,
  LanguageClientOptions,
  RevealOutputChannelOn,
  ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { documentFilters } from '#client/documents/selector.ts';
import type { ServerLife } from '#client/server/supervisor.ts';
import type { InitializationOptions, ServerStatus } from '#core/protocol.ts';
import { serverStatusNotification } from '#core/protocol.ts';
import { SETTINGS_SECTION } from '#core/settings.ts';

/** A server that runs, and the client that talks to it. */
export interface RunningServer extends ServerLife {
  readonly client: LanguageClient;
}

export interface ClientSetup {
  /** Absolute path of the bundled server. */
  readonly serverModule: string;
  readonly channel: LogOutputChannel;
  readonly diagnostics: NonNullable<LanguageClientOptions['diagnosticCollectionProvider']>;
  readonly initializationOptions: () => InitializationOptions;
  readonly onStatus: (status: ServerStatus) => void;
}

/**
 * Starts the server in a process of its own and connects to it. The language client is a large module, so it is loaded
 * here, on first use. It never restarts anything by itself: the supervisor does.
 *
 * @throws when the server cannot be started or refuses to initialize
 */
export async function launchClient(setup: ClientSetup, onEnded: (reason: string) => void): Promise<RunningServer> {
  const library = await import('vscode-languageclient/node');
  /** The library shows a message of its own for every failed start. The supervisor says the one that counts. */
  class QuietClient extends library.LanguageClient {
    override error(message: string, data?: unknown): void {
      super.error(message, data, false);
    }
  }
  const handler: ErrorHandler = {
    error: () => ({ action: library.ErrorAction.Continue, handled: true }),
    closed: () => ({
      action: library.CloseAction.DoNotRestart,
      message: 'The connection to the language server is closed.',
      handled: true,
    }),
  };
  const client = new QuietClient(
    SETTINGS_SECTION,
    'Data Clusters',
    describeServer(setup.serverModule, library.TransportKind.ipc),
    describeClient(setup, handler, library.RevealOutputChannelOn.Never),
  );
  // Told once the client has cleaned up after the process; the end of a start is told by its rejection.
  client.onDidChangeState(({ oldState, newState }) => {
    if (oldState !== library.State.Running || newState !== library.State.Stopped) return;
    onEnded('The language server ended unexpectedly.');
  });
  client.onNotification(serverStatusNotification.method, setup.onStatus);
  const stop = (): Promise<void> => stopClient(client, setup.channel);
  try {
    await client.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { client, stop };
}

function describeServer(module: string, transport: TransportKind): ServerOptions {
  const run = { module, transport };
  return { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=0'] } } };
}

function describeClient(
  setup: ClientSetup,
  errorHandler: ErrorHandler,
  revealOutputChannelOn: RevealOutputChannelOn,
): LanguageClientOptions {
  return {
    documentSelector: documentFilters.map((filter) => ({ ...filter })),
    outputChannel: setup.channel,
    revealOutputChannelOn,
    initializationOptions: setup.initializationOptions,
    initializationFailedHandler: () => false,
    errorHandler,
    diagnosticCollectionProvider: setup.diagnostics,
    markdown: { isTrusted: false, supportHtml: false },
  };
}

/** A client whose process has ended refuses to be stopped in an orderly way; there is nothing left to stop then. */
async function stopClient(client: LanguageClient, channel: LogOutputChannel): Promise<void> {
  try {
    await client.dispose();
  } catch (error) {
    channel.debug(`The client was not running when it was stopped: ${String(error)}`);
  }
}
