import * as vscode from 'vscode';
import { registerActions } from '#client/actions/register.ts';
import { VirtualTexts } from '#client/actions/virtualTexts.ts';
import { checkBy, previewTemplatesCommand, TemplatePreviews } from '#client/charts/previewCommand.ts';
import { Coexistence } from '#client/coexistence/coexistence.ts';
import { fixAllCommand } from '#client/commands/fixAll.ts';
import { MigratedTexts, migrateCommand } from '#client/commands/migrate.ts';
import { newManifestCommand } from '#client/commands/newManifest.ts';
import { openSampleCommand } from '#client/commands/openSample.ts';
import { openWalkthroughCommand } from '#client/commands/openWalkthrough.ts';
import { registerCommands } from '#client/commands/register.ts';
import { restartServerCommand, showLogCommand } from '#client/commands/serverCommands.ts';
import { showSchemaSourceCommand } from '#client/commands/showSchemaSource.ts';
import { onFirstManifest, trackActiveManifest } from '#client/documents/manifestWatcher.ts';
import { editorClock } from '#client/live/editorClock.ts';
import { loadLiveModule } from '#client/live/liveModule.ts';
import { previewCommand, Previews } from '#client/preview/previewCommand.ts';
import { LanguageServer } from '#client/server/languageServer.ts';
import { reportServerState } from '#client/server/reportFailure.ts';
import { SchemaStatus } from '#client/status/schemaStatus.ts';
import { registerModelTools } from '#client/tools/modelTools.ts';
import { logTo } from '#client/ui/log.ts';
import { createClusters, type Clusters } from '#client/views/clusters/createClusters.ts';
import { clientStateNotification } from '#core/protocol.ts';

let runningServer: LanguageServer | undefined;
let openClusters: Clusters | undefined;

/** Builds and wires. Nothing is started before the first manifest is seen, so other YAML costs next to nothing. */
export function activate(context: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Data Clusters', { log: true });
  const log = logTo(channel);
  const coexistence = new Coexistence(context.workspaceState, log);
  const server = makeServer(context, channel, coexistence);
  runningServer = server;
  const migrated = new MigratedTexts();
  const texts = new VirtualTexts();
  const renderings = new TemplatePreviews(texts, checkBy(server), (error) =>
    log.error('Rendering a chart failed.', error),
  );
  const previews = new Previews({ extensionUri: context.extensionUri, server, log });
  const clusters = createClusters(context, { server, texts, log });
  openClusters = clusters;
  const beginServing = (): void => {
    void server.start();
    coexistence.apply().catch((error: unknown) => log.error('Coexistence failed.', error));
  };
  context.subscriptions.push(
    channel,
    coexistence,
    server,
    migrated,
    texts,
    renderings,
    previews,
    registerActions(
      { ...clusters.access, server, workspaceState: context.workspaceState, clock: editorClock, log },
      texts,
    ),
    registerModelTools({
      ...clusters.access,
      operations: () => loadLiveModule().operations,
      clock: editorClock,
      log,
    }),
    server.onDidChangeState((state) => reportServerState(state, log)),
    coexistence.onDidChangeState((state) => void server.notify(clientStateNotification, state)),
    new SchemaStatus(server),
    trackActiveManifest(),
    registerCommands(
      [
        newManifestCommand(context.extensionUri, server),
        fixAllCommand(server),
        migrateCommand(server, migrated),
        previewTemplatesCommand(renderings),
        previewCommand(server, previews),
        showSchemaSourceCommand(),
        openSampleCommand(context.extensionUri),
        openWalkthroughCommand(),
        showLogCommand(channel),
        restartServerCommand(server),
        ...clusters.commands,
      ],
      log,
    ),
    onFirstManifest(beginServing),
  );
}

function makeServer(
  context: vscode.ExtensionContext,
  channel: vscode.LogOutputChannel,
  coexistence: Coexistence,
): LanguageServer {
  return new LanguageServer({
    serverModule: context.asAbsolutePath('dist/server.cjs'),
    channel,
    diagnostics: coexistence.diagnostics,
    initializationOptions: () => ({ ...coexistence.state, wantsStatus: true, fixAllCommand: true }),
  });
}

/**
 * The editor waits for this, so the process has ended when the window closes, and operations have been left before their connections
 * are; the rest is in the subscriptions.
 */
export async function deactivate(): Promise<void> {
  await Promise.all([runningServer?.stop(), openClusters?.leaveRuns()]);
  openClusters?.dispose();
  runningServer = undefined;
  openClusters = undefined;
}
