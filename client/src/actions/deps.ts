import type { LanguageServer } from '#client/server/languageServer.ts';
import type { Clock, Cluster, ContextSummary, Stoppable } from '#core/live/ports.ts';
import type { LiveTarget } from '#core/live/target.ts';
import type { ContextView } from '#core/live/view.ts';
import type { Log } from '#core/ports.ts';

/** What the settings say about changes in a context. */
export interface ContextPolicy {
  /** Changes want a name to be typed. */
  readonly isProtected: boolean;
  /** No action changes anything. */
  readonly isReadOnly: boolean;
}

/** What is asked of the connections. Nothing here connects unless a user's action asks for it. */
export interface LiveAccess {
  /** Connects when it is not connected. @throws an error whose message is for the user */
  clusterOf(this: void, context: string): Promise<Cluster>;
  /** What is watched of a context now; undefined when it is not connected. */
  viewOf(this: void, context: string): ContextView | undefined;
  policyOf(this: void, context: string): ContextPolicy;
  /** The contexts to choose from; reads the kubeconfig files when nobody has yet. */
  contexts(this: void): Promise<readonly ContextSummary[]>;
  /** Names of the contexts that are connected now. */
  connectedContexts(this: void): readonly string[];
  /** Told after something changed in what is watched, or when a context was connected or left. */
  onDidChangeViews(this: void, listener: () => void): Stoppable;
}

/** Everything the actions need from the rest of the extension. */
export interface ActionDeps extends LiveAccess {
  /** Shows the row of a target in the tree. */
  reveal(this: void, target: LiveTarget): Promise<void>;
  readonly server: LanguageServer;
  readonly workspaceState: WorkspaceState;
  readonly clock: Clock;
  readonly log: Log;
}

/** The part of the editor's memory that is used; what is kept there holds for the workspace. */
export interface WorkspaceState {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}
