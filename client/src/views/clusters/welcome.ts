import type { DirectoryState } from '#client/live/liveContexts.ts';

/** Why the view is empty, as the value of a context key. While it is empty text, nothing is said. */
export type WelcomeReason = '' | 'noKubeconfig' | 'nothingFound';

export interface WelcomeInput {
  readonly state: DirectoryState;
  readonly contexts: number;
  /** Files that the setting names. */
  readonly chosenFiles: number;
}

/** A workspace that is not trusted has a key of the editor itself. */
export function welcomeReason({ state, contexts, chosenFiles }: WelcomeInput): WelcomeReason {
  if (state !== 'read' || contexts > 0) return '';
  return chosenFiles === 0 ? 'noKubeconfig' : 'nothingFound';
}
