import * as process from 'node:process';
import * as vscode from 'vscode';
import type { LiveAccess } from '#client/actions/deps.ts';
import type { Command } from '#client/commands/register.ts';
import { editorClock } from '#client/live/editorClock.ts';
import { EditorLiveSettings } from '#client/live/editorSettings.ts';
import { LiveContexts } from '#client/live/liveContexts.ts';
import { loadLiveModule } from '#client/live/liveModule.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import { ClusterTree, type FavouriteStore } from '#client/views/clusters/clusterTree.ts';
import { ClustersView } from '#client/views/clusters/clustersView.ts';
import { connectionCommands } from '#client/views/clusters/commands/connectionCommands.ts';
import { definitionCommands } from '#client/views/clusters/commands/definitionCommands.ts';
import { insideCommands } from '#client/views/clusters/commands/insideCommands.ts';
import { treeCommands } from '#client/views/clusters/commands/treeCommands.ts';
import { liveAccess } from '#client/views/clusters/liveAccess.ts';
import type { Log } from '#core/ports.ts';

/** Everything about live clusters that other parts of the extension build upon. */
export interface Clusters extends vscode.Disposable {
  readonly contexts: LiveContexts;
  /** The same connections, as actions use them. */
  readonly access: LiveAccess;
  readonly view: ClustersView;
  readonly settings: EditorLiveSettings;
  readonly commands: readonly Command[];
}

/** Builds the view; reads and loads nothing before it is looked at. */
export function createClusters(state: vscode.Memento, server: LanguageServer, log: Log): Clusters {
  const settings = new EditorLiveSettings(log);
  const contexts = new LiveContexts({
    load: loadLiveModule,
    settings: () => settings.current,
    isTrusted: () => vscode.workspace.isTrusted,
    environment: process.env,
    clock: editorClock,
    log,
    onLoginMessage: (user, text) => {
      void vscode.window.showInformationMessage(inNotification(`Login of ${user}: ${text}`));
    },
  });
  const tree = new ClusterTree({
    contexts,
    clock: editorClock,
    favourites: storeIn(state),
    inside: () => settings.current.inside,
  });
  const view = new ClustersView({ contexts, tree, chosenFiles: () => settings.current.kubeconfig.length, log });
  const changes = settings.onDidChange(() => {
    contexts.settingsChanged().catch((error: unknown) => log.error('Changed settings could not be used.', error));
  });
  return {
    contexts,
    access: liveAccess(contexts),
    view,
    settings,
    commands: [
      ...treeCommands(view, contexts),
      ...connectionCommands(view, contexts),
      ...insideCommands(view, contexts),
      ...definitionCommands(view, contexts, server),
    ],
    dispose: () => {
      changes.dispose();
      view.dispose();
      contexts.stop();
      settings.dispose();
    },
  };
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
