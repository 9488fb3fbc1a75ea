import * as process from 'node:process';
import * as vscode from 'vscode';
import type { LiveAccess } from '#client/actions/deps.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import type { Command } from '#client/commands/register.ts';
import { editorClock } from '#client/live/editorClock.ts';
import { EditorLiveSettings } from '#client/live/editorSettings.ts';
import { LiveContexts } from '#client/live/liveContexts.ts';
import { loadLiveModule } from '#client/live/liveModule.ts';
import { createOperations, type EditorOperations } from '#client/operations/createOperations.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import { ClusterTree, type FavouriteStore } from '#client/views/clusters/clusterTree.ts';
import { ClustersView } from '#client/views/clusters/clustersView.ts';
import { connectionCommands } from '#client/views/clusters/commands/connectionCommands.ts';
import { definitionCommands } from '#client/views/clusters/commands/definitionCommands.ts';
import { detailCommands } from '#client/views/clusters/commands/detailCommands.ts';
import { insideCommands } from '#client/views/clusters/commands/insideCommands.ts';
import { operatorCommands } from '#client/views/clusters/commands/operatorCommands.ts';
import { treeCommands } from '#client/views/clusters/commands/treeCommands.ts';
import { liveAccess } from '#client/views/clusters/liveAccess.ts';
import { DetailPanels, type DetailSources } from '#client/views/detail/detailPanels.ts';
import { OperatorPanels, type OperatorSources } from '#client/views/operators/operatorPanels.ts';
import type { Log } from '#core/ports.ts';

/** Everything about live clusters that other parts of the extension build upon. */
export interface Clusters extends vscode.Disposable {
  /** Leaves the operations that this window runs; to be awaited before it is disposed of. */
  leaveRuns(): Promise<void>;
  readonly contexts: LiveContexts;
  /** The same connections, as actions use them. */
  readonly access: LiveAccess;
  readonly view: ClustersView;
  readonly settings: EditorLiveSettings;
  readonly commands: readonly Command[];
}

export interface ClusterParts {
  readonly server: LanguageServer;
  readonly texts: VirtualTexts;
  readonly log: Log;
}

/** Builds the view; reads and loads nothing before it is looked at. */
export function createClusters(
  { globalState, extensionUri }: Pick<vscode.ExtensionContext, 'globalState' | 'extensionUri'>,
  { server, texts, log }: ClusterParts,
): Clusters {
  const settings = new EditorLiveSettings(log);
  const contexts: LiveContexts = new LiveContexts({
    load: loadLiveModule,
    settings: () => settings.current,
    isTrusted: () => vscode.workspace.isTrusted,
    environment: process.env,
    clock: editorClock,
    log,
    onLoginMessage: tellLogin,
    isInUse: (context): boolean => panels.has(context) || operators.has(context) || operations.isInUse(context),
    operations: (context) => operations.of(context),
  });
  const access = liveAccess(contexts);
  const sources = pageSources(contexts, extensionUri, log);
  const operations: EditorOperations = createOperations({ extensionUri, contexts, access, texts, log });
  const panels = new DetailPanels(sources);
  const operators = new OperatorPanels(sources);
  const following = contexts.onDidChange(() => {
    panels.contextsChanged();
    operators.contextsChanged();
  });
  const tree = createTree(contexts, globalState, settings);
  const view = new ClustersView({ contexts, tree, chosenFiles: () => settings.current.kubeconfig.length, log });
  const changes = settings.onDidChange(() => {
    contexts.settingsChanged().catch((error: unknown) => log.error('Changed settings could not be used.', error));
  });
  return {
    contexts,
    access,
    view,
    settings,
    commands: [
      ...treeCommands(view, contexts),
      ...connectionCommands(view, contexts),
      ...insideCommands(view, contexts),
      ...definitionCommands(view, contexts, server),
      ...detailCommands(view, contexts, panels),
      ...operatorCommands(view, contexts, operators),
      ...operations.commands,
    ],
    leaveRuns: () => operations.leaveRuns(),
    dispose: () => {
      changes.dispose();
      following.stop();
      operations.dispose();
      panels.dispose();
      operators.dispose();
      view.dispose();
      contexts.stop();
      settings.dispose();
    },
  };
}

function createTree(contexts: LiveContexts, globalState: vscode.Memento, settings: EditorLiveSettings): ClusterTree {
  return new ClusterTree({
    contexts,
    clock: editorClock,
    favourites: storeIn(globalState),
    inside: () => settings.current.inside,
  });
}

/** What the pages about data clusters and operators are drawn from. */
function pageSources(contexts: LiveContexts, extensionUri: vscode.Uri, log: Log): DetailSources & OperatorSources {
  return {
    extensionUri,
    watchOf: (context) => contexts.connected(context)?.watch,
    clusterOf: (context) => contexts.connected(context)?.cluster,
    opened: (context) => contexts.connected(context),
    isDemo: (context) => contexts.contexts.some(({ summary }) => summary.name === context && summary.isDemo),
    log,
  };
}

function tellLogin(user: string, text: string): void {
  void vscode.window.showInformationMessage(inNotification(`Login of ${user}: ${text}`));
}

const FAVOURITES = 'dataClusters.favourites';

/** Contexts are the same in every workspace of a machine, and so are favourites. */
function storeIn(state: vscode.Memento): FavouriteStore {
  return {
    read: () => {
      const stored = state.get<unknown>(FAVOURITES);
      return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
    },
    write: (ids) => void state.update(FAVOURITES, ids),
  };
}
