import type * as vscode from 'vscode';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import type { LiveAccess } from '#client/actions/deps.ts';
import type { Command } from '#client/commands/register.ts';
import { editorClock } from '#client/live/editorClock.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import { editorAsker } from '#client/operations/asker.ts';
import { OperationBoard } from '#client/operations/board.ts';
import { OperationController, type OperationContexts } from '#client/operations/controller.ts';
import { JournalWatches, type WatchedContext } from '#client/operations/journalWatches.ts';
import type { PageContext } from '#client/operations/operationPage.ts';
import { OperationPages } from '#client/operations/operationPages.ts';
import { operationsUi } from '#client/operations/operationsUi.ts';
import { pageActor } from '#client/operations/pageActor.ts';
import { planCommands } from '#client/operations/planCommands.ts';
import { Planner } from '#client/operations/planner.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { showPlanning } from '#client/operations/planning.ts';
import { putBack } from '#client/operations/putBack.ts';
import { rollbackCommand } from '#client/operations/rollbackCommand.ts';
import { runCommands } from '#client/operations/runCommands.ts';
import { RunEnds } from '#client/operations/runEnds.ts';
import { runnerName } from '#client/operations/runnerName.ts';
import { OperationRuns } from '#client/operations/runs.ts';
import { OperationStatus } from '#client/operations/statusItem.ts';
import type { TreeContext } from '#core/live/tree/input.ts';
import type { ContextOperations } from '#core/operations/shownRun.ts';
import type { Log } from '#core/ports.ts';

/** How long the window waits at its end until the journals say that it has left its runs, in milliseconds. */
const LEAVE_MS = 4000;

export interface OperationsParts {
  readonly extensionUri: vscode.Uri;
  readonly contexts: LiveContexts;
  readonly access: LiveAccess;
  readonly texts: VirtualTexts;
  readonly log: Log;
}

/** Operations of this window, and those that others have written down. */
export interface EditorOperations extends vscode.Disposable {
  readonly commands: readonly Command[];
  of(context: string): ContextOperations;
  /** Whether a page or a run of the context is open. */
  isInUse(context: string): boolean;
  /** Leaves what goes on here, so that it can be gone on with at once from anywhere. */
  leaveRuns(): Promise<void>;
}

/** Builds it; loads and contacts nothing before somebody asks for something. */
export function createOperations(parts: OperationsParts): EditorOperations {
  const { contexts, access } = parts;
  const { runs, journals, board, pages, controller, planner } = build(parts);
  const status = new OperationStatus();
  const ends = new RunEnds((reference) => pages.isSeen(reference));
  const hearing = runs.onDidChange((run) => {
    status.show(runs.active);
    ends.follow(run);
  });
  const following = contexts.onDidChange(() => {
    journals.follow(watchedContexts(contexts));
    pages.draw();
  });
  const sources = {
    access,
    offers: contexts.offers.bind(contexts),
    instead: contexts.instead.bind(contexts),
    asker: editorAsker,
  };
  const { connectedContexts } = access;
  return {
    commands: [
      ...planCommands({ sources, planner, showPlan: (proposal) => pages.showPlan(proposal) }),
      rollbackCommand({ access, asker: editorAsker, planner, showPlan: (proposal) => pages.showPlan(proposal) }),
      ...runCommands({ controller, board, pages, connectedContexts, asker: editorAsker }),
    ],
    of: (context) => board.of(context),
    isInUse: (context) => pages.has(context) || runs.in(context).some(({ isActive }) => isActive),
    leaveRuns: () => runs.detach(LEAVE_MS),
    dispose: () => {
      for (const listening of [following, hearing, journals, board]) listening.stop();
      pages.dispose();
      status.dispose();
    },
  };
}

interface BuiltParts {
  readonly runs: OperationRuns;
  readonly journals: JournalWatches;
  readonly board: OperationBoard;
  readonly pages: OperationPages;
  readonly controller: OperationController;
  readonly planner: Planner;
}

function build({ extensionUri, contexts, access, texts, log }: OperationsParts): BuiltParts {
  const operations = (): LiveContexts['operations'] => contexts.operations;
  const clock = editorClock;
  const runs = new OperationRuns({ operations, clock, runner: runnerName, log });
  const journals = new JournalWatches({ operations, log, changed: (context) => board.refresh(context) });
  const board: OperationBoard = new OperationBoard({
    runs,
    journals,
    clock,
    changed: (context) => {
      contexts.operationsChanged(context);
      pages.draw(context);
    },
  });
  const reached = reach(contexts, access);
  const controller = new OperationController({ contexts: reached, operations, runs, board, ui: operationsUi(texts) });
  const connect = async (context: string): Promise<void> => void (await contexts.connect(context));
  const planner = new Planner({ contexts: reached, operations, clock, showProgress: showPlanning });
  const pages: OperationPages = new OperationPages({
    extensionUri,
    find: (reference) => board.find(reference),
    contextOf: (context) => pageContext(contexts.contexts.find(({ summary }) => summary.name === context)),
    hasFiles: (plan) => operations().files(plan).length > 0,
    canPutBack: (record) => operations().undoing(record).length > 0,
    now: () => clock.now(),
    act: pageActor({ controller, operations, connect, putBack: (reference) => putBack(reference, undo), log }),
  });
  const undo = {
    controller,
    contexts: reached,
    operations,
    planner,
    asker: editorAsker,
    showPlan: (proposal: Proposal) => pages.showPlan(proposal),
  };
  return { runs, journals, board, pages, controller, planner };
}

function watchedContexts(contexts: LiveContexts): readonly WatchedContext[] {
  return contexts.contexts.flatMap(({ summary: { name } }) => {
    const open = contexts.connected(name);
    return open ? [{ name, cluster: open.cluster, view: open.watch.view }] : [];
  });
}

function reach(contexts: LiveContexts, access: LiveAccess): OperationContexts {
  return {
    clusterOf: access.clusterOf,
    policyOf: access.policyOf,
    isDemo: (context) => contexts.contexts.some(({ summary }) => summary.name === context && summary.isDemo),
    dataOf: async (context) => {
      const { watch } = await contexts.connect(context);
      await watch.ready;
      return watch.view.clusters.map(({ cluster }) => cluster);
    },
  };
}

function pageContext(context: TreeContext | undefined): PageContext | undefined {
  if (!context) return undefined;
  const { summary, isProtected, isReadOnly, view } = context;
  const isBroken = view?.phase === 'interrupted' || view?.phase === 'failed';
  const lost = `The connection is interrupted, so this may be old. ${view?.problem?.message ?? ''}`;
  const interruption = view ? (isBroken ? lost : '') : 'The context is not connected, so this may be old.';
  return { isDemo: summary.isDemo, isProtected, isReadOnly, isConnected: view !== undefined, interruption };
}
